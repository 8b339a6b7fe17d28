import type { Signal } from "../signal.ts";
import type { Field, Message } from "./descriptor.ts";
import { encodeOtlp } from "./encode.ts";
import { Mismatch, readJsonScalar } from "./json-scalars.ts";
import { parseJsonText } from "./json-text.ts";
import { describeJson, jsonPath, MalformedJson } from "./malformed-json.ts";
import type { OtlpData } from "./model.ts";
import { ANY_VALUE, MAX_VALUE_DEPTH, REQUESTS } from "./schema.ts";

/** A message of the model whose keys are not known at compile time. */
type Plain = Record<string, unknown>;

/** The protobuf of an OTLP/JSON body. Throws `MalformedJson`. */
export function transcodeJson(signal: Signal, text: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeOtlp(signal, parseOtlpJson(signal, parseJsonText(text)));
}

/**
 * Brings parsed OTLP/JSON to the form of the model. Taken as well as what the specification demands: snake_case
 * keys, null for absent, enums by name, scalars as text or text as scalars, integers as numbers or bigints.
 * Unknown keys are ignored. An id that is no hex comes out empty, so that its record alone is refused later.
 * Throws `MalformedJson`, also when the body holds another signal's data and nothing of this one.
 */
export function parseOtlpJson<S extends Signal>(signal: S, value: unknown): OtlpData[S] {
  const data = new JsonReader().message(REQUESTS[signal], value, 0);
  if (Object.keys(data).length === 0) refuseOtherSignals(signal, value as Plain);
  return data as OtlpData[S];
}

/**
 * OTLP/JSON of the data. What `JSON.stringify` writes, but for negative zero, which keeps its sign where the
 * runtime has `JSON.rawJSON`.
 */
export function writeOtlpJson<S extends Signal>(_signal: S, data: OtlpData[S]): string {
  return JSON.stringify(data, keepNegativeZero);
}

const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };

function keepNegativeZero(_key: string, value: unknown): unknown {
  return Object.is(value, -0) && rawJSON !== undefined ? rawJSON("-0") : value;
}

function refuseOtherSignals(signal: Signal, body: Plain): void {
  if (Object.keys(body).some((key) => REQUESTS[signal].byKey.has(key))) return;
  for (const other of Object.keys(REQUESTS) as Signal[]) {
    const key = Object.keys(body).find((name) => REQUESTS[other].byKey.has(name));
    if (key !== undefined) {
      const wanted = REQUESTS[signal].fields[0]?.name;
      throw new MalformedJson(`expected ${wanted}, came ${other}: send them to /v1/${other}`, { path: key });
    }
  }
}

class JsonReader {
  readonly #path: (string | number)[] = [];

  /** `depth` is the number of AnyValues around this message. */
  message(message: Message, value: unknown, depth: number): Plain {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#unexpected(`an object (${message.name})`, value);
    }
    const inner = message === ANY_VALUE ? depth + 1 : depth;
    if (inner > MAX_VALUE_DEPTH) {
      throw this.#fault(`expected values nested at most ${MAX_VALUE_DEPTH} deep`);
    }
    const into: Plain = {};
    for (const key of Object.keys(value)) {
      const field = message.byKey.get(key);
      const item = (value as Plain)[key];
      if (field === undefined || item === null || item === undefined) continue;
      this.#path.push(key);
      if (field.repeated) this.#list(field, item, into, inner);
      else this.#single(field, item, into, inner);
      this.#path.pop();
    }
    return into;
  }

  #single(field: Field, value: unknown, into: Plain, depth: number): void {
    const rival = field.rivals.find((name) => into[name] !== undefined);
    if (rival !== undefined) {
      throw this.#fault(`expected one kind of value, came ${rival} and ${field.name}`);
    }
    const read = this.#value(field, value, depth);
    if (field.explicit || !Object.is(read, field.zero)) into[field.name] = read;
  }

  #list(field: Field, value: unknown, into: Plain, depth: number): void {
    if (!Array.isArray(value)) throw this.#unexpected("an array", value);
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (item === null) {
        // In a list of values null is one of them; elsewhere it is nothing.
        if (field.message === ANY_VALUE) list.push({});
        continue;
      }
      this.#path.push(index);
      list.push(this.#value(field, item, depth));
      this.#path.pop();
    }
    if (list.length > 0) into[field.name] = list;
  }

  #value(field: Field, value: unknown, depth: number): unknown {
    if (field.message !== undefined) return this.message(field.message, value, depth);
    const read = readJsonScalar(field, value);
    if (read instanceof Mismatch) throw this.#unexpected(read.expected, value);
    return read;
  }

  #unexpected(expected: string, value: unknown): MalformedJson {
    return this.#fault(`expected ${expected}, came ${describeJson(value)}`);
  }

  #fault(fault: string): MalformedJson {
    return new MalformedJson(fault, { path: jsonPath(this.#path) });
  }
}
