import { type LogField, logFieldOf, writtenSeverity } from "@clew/protocol/log-query/log-field";
import type { Field } from "@clew/protocol/traceql/ast";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import {
  codedFaces,
  codedText,
  elementsOf,
  isStored,
  type StoredText,
  spanText,
  textValue,
} from "../traceql/attribute-sql.ts";
import type { InlinedOrigins } from "../traceql/origins-inlined.ts";
import type { RowFields } from "../traceql/row-condition.ts";
import { type Face, NIL, type SqlValue } from "../traceql/sql-value.ts";
import { isServiceColumn, type LogKnown } from "./log-known.ts";

/** What a row of `logs` says of fields; every field has a value there, if only nil. */
export class LogValues implements RowFields {
  readonly parameters: Parameters;
  readonly #known: LogKnown;
  readonly #origins = new Map<string, SqlFragment>();

  constructor(known: LogKnown, parameters: Parameters) {
    this.#known = known;
    this.parameters = parameters;
  }

  valueOf(field: Field): SqlValue {
    const asked = logFieldOf(field);
    if (asked.kind === "intrinsic") return this.#intrinsic(asked);
    const { types } = this.#known;
    const { scope, name } = asked;
    if (isServiceColumn(asked, types)) return SERVICE;
    const isOfRecord = (scope === "log" || scope === "any") && types.of("log", name) !== "";
    const origin =
      scope === "log" ? undefined : this.#origin(scope === "instrumentation" ? "scope" : "resource", name);
    if (!isOfRecord) return origin === undefined ? NIL : codedValue(origin);
    const codes = types.of("log", name);
    const stored = spanText(name, codes, this.#known.inContent.has(name), this.parameters);
    if (origin === undefined) return withOpaque(textValue(stored, codes), stored, codes);
    return codedValue(fragment`if(${isStored(stored, codes)}, ${codedText(stored, codes)}, ${origin})`);
  }

  isIndexed(field: Field): boolean {
    const asked = logFieldOf(field);
    if (asked.kind !== "attribute" || this.#known.inContent.has(asked.name)) return false;
    if (asked.scope === "any") return !this.#known.origins.has(`resource ${asked.name}`);
    return asked.scope === "log";
  }

  /** The text of what the record's resource or scope has, with its type in front; empty for nil. */
  #origin(kind: "resource" | "scope", key: string): SqlFragment | undefined {
    const column = kind === "resource" ? fragment`resource_id` : fragment`scope_id`;
    return this.#looked(`${kind} ${key}`, column, fragment`''`);
  }

  #looked(place: string, column: SqlFragment, otherwise: SqlFragment): SqlFragment | undefined {
    const found = this.#known.origins.get(place);
    if (found === undefined || found.ids.length === 0) return undefined;
    const known = this.#origins.get(place) ?? this.#transform(found, column, otherwise);
    this.#origins.set(place, known);
    return known;
  }

  #transform({ ids, codes }: InlinedOrigins, column: SqlFragment, otherwise: SqlFragment): SqlFragment {
    const { parameters } = this;
    return fragment`transform(${column}, ${parameters.bind("Array(UInt64)", ids)}, ${parameters.bind("Array(String)", codes)}, ${otherwise})`;
  }

  #intrinsic(field: LogField & { readonly kind: "intrinsic" }): SqlValue {
    const level = writtenSeverity(field);
    if (level !== undefined) {
      const constant = BigInt(level);
      return { faces: { int: { value: this.parameters.bind("Int64", constant), constant } } };
    }
    switch (field.name) {
      case "log:severity":
        return amount(fragment`toInt64(least(6, intDiv(severity_number + 3, 4)))`, fragment`severity_number`);
      case "log:severityNumber":
        return amount(fragment`toInt64(severity_number)`, fragment`severity_number`);
      case "log:severityText":
        return name(fragment`severity_text`);
      case "log:body":
        return {
          faces: {
            string: { value: fragment`body`, when: fragment`body_type NOT IN ('', 'n')`, isBlankElse: true },
          },
        };
      case "log:eventName":
        return name(fragment`event_name`);
      case "log:traceId":
        return {
          faces: {
            string: {
              value: fragment`lower(hex(trace_id))`,
              when: fragment`trace_id != toFixedString('', 16)`,
            },
          },
        };
      case "log:spanId":
        return {
          faces: {
            string: { value: fragment`lower(hex(span_id))`, when: fragment`span_id != toFixedString('', 8)` },
          },
        };
      case "log:flags":
        return { faces: { int: { value: fragment`toInt64(flags)` } } };
      case "instrumentation:name":
        return this.#scopeText("scopeName");
      case "instrumentation:version":
        return this.#scopeText("scopeVersion");
      case "agent:session":
        return name(fragment`session_id`);
      case "agent:conversation":
        return name(fragment`conversation_id`);
      case "agent:task":
        return name(fragment`task_id`);
      case "agent:test_case":
        return name(fragment`test_case_id`);
      case "agent:test_run":
        return name(fragment`test_run_id`);
      case "agent:user":
        return name(fragment`user_id`);
      default:
        return NIL;
    }
  }

  /** A record without a scope has an empty one. */
  #scopeText(place: "scopeName" | "scopeVersion"): SqlValue {
    const coded = this.#looked(place, fragment`scope_id`, fragment`'s'`) ?? fragment`'s'`;
    return { faces: { string: { value: fragment`substring(${coded}, 2)` } } };
  }
}

const SERVICE = name(fragment`service_name`);

/** A text that is nil when it is empty. */
function name(column: SqlFragment): SqlValue {
  return { faces: { string: { value: column, when: fragment`${column} != ''`, isBlankElse: true } } };
}

/** An integer that is nil where `column` is 0, as the value is then. */
function amount(value: SqlFragment, column: SqlFragment): SqlValue {
  return { faces: { int: { value, when: fragment`${column} != 0`, isBlankElse: true } } };
}

/** Bytes, maps and what is nested oddly are texts. */
function withOpaque(value: SqlValue, { text, type, there }: StoredText, codes: string): SqlValue {
  if (!/[xmp]/.test(codes)) return value;
  const isText = type === undefined ? there : fragment`${type} IN ('s', 'x', 'm', 'p')`;
  const string: Face = { value: text, ...(isText && { when: isText }) };
  return { ...value, faces: { ...value.faces, string } };
}

/** The values of a text that begins with its type; empty for nil. */
function codedValue(coded: SqlFragment): SqlValue {
  const text = fragment`substring(${coded}, 2)`;
  const isText = fragment`match(${coded}, '^[sxmp]')`;
  return {
    faces: { ...codedFaces(coded), string: { value: text, when: isText } },
    several: {
      when: fragment`startsWith(${coded}, 'a')`,
      elements: elementsOf(text),
      facesOf: codedFaces,
      firstCounts: false,
    },
  };
}
