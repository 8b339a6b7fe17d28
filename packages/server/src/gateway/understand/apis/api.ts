import type { CallInput, CallRequest, CallResponse, ContentLevel, Usage, Values } from "../call.ts";
import type { Fields } from "../text/value.ts";

/** How requests and answers of one API are read. */
export interface Api {
  /** Fields of a request that hold content, over which reading steps where none is recorded. */
  readonly contentFields: ReadonlySet<string>;
  /** Fields of an answer that nobody reads, and that can be large. */
  readonly unreadFields?: ReadonlySet<string>;
  request(body: Fields, input: CallInput, level: ContentLevel): Asked;
  answer(request: CallRequest, level: ContentLevel): AnswerReader;
}

export interface Asked {
  readonly model?: string | undefined;
  readonly streams: boolean;
  /** What the span's name begins with: operation or method. */
  readonly verb?: string | undefined;
  /** What the name says after it: model, tool or prompt. */
  readonly target?: string | undefined;
  readonly values: Values;
  readonly content?: (() => Values) | undefined;
}

/** Takes a whole answer, or the events of a stream in their order. */
export interface AnswerReader {
  /** Whether an event is worth parsing, by its type; absent when all are. */
  wants?(type: string): boolean;
  /** The bytes of an answer in one piece, before its fields. */
  bytes?(body: Buffer): void;
  /** True when what was taken holds output: text, thought, or a call of a tool. */
  take(value: unknown): boolean;
  finish(): Answer;
}

export interface Answer {
  readonly model?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly error?: CallResponse["error"];
  /** Whether it came to its end. */
  readonly isWhole: boolean;
  readonly values: Values;
  readonly content?: (() => Values) | undefined;
}

/** Nobody asks for more choices or calls; a wrong index must not make a huge list. */
export const MAX_INDEX = 127;

/** An index that a stream states, where it can be one. */
export function indexOf(stated: unknown, otherwise: number): number | undefined {
  const index = stated === undefined || stated === null ? otherwise : stated;
  return Number.isInteger(index) && (index as number) >= 0 && (index as number) <= MAX_INDEX
    ? (index as number)
    : undefined;
}

/** Names of tools that an answer calls, for `clew.response.tool_names`: each once, in their order. */
export class ToolNames {
  readonly #names = new Set<string>();

  add(name: unknown): void {
    if (typeof name === "string" && name !== "" && this.#names.size <= MAX_INDEX)
      this.#names.add(name.slice(0, 128));
  }

  get values(): Values {
    return this.#names.size === 0 ? {} : { "clew.response.tool_names": [...this.#names] };
  }
}
