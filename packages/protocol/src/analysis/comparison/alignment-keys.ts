import type { SpanRows } from "../analysis.ts";
import { structuralName } from "../structural-name.ts";

/** Numbers by which spans of several traces are told to be in the same place. */
export interface AlignmentKeys {
  /** Equal for the same name, agent, tool, type and kind. */
  readonly strict: Int32Array;
  /** Equal for the same type and kind; each its own where a span has no type. */
  readonly loose: Int32Array;
}

const MOST_KEYS = 2 ** 26;

/** Makes keys that can be compared between all traces it has been given. */
export class KeyMaker {
  readonly #texts = new Map<string, number>();
  readonly #pairs = new Map<number, number>();
  #unique = -1;

  keysOf(trace: SpanRows): AlignmentKeys {
    const { dict } = trace;
    const names = dict.name.map((name) => this.#text(structuralName(name)));
    const agents = dict.agent.map((agent) => this.#text(agent));
    const tools = dict.tool.map((tool) => this.#text(tool));
    const types = dict.type.map((type) => this.#text(type));
    const none = this.#text("");
    const strict = new Int32Array(trace.n);
    const loose = new Int32Array(trace.n);
    for (let row = 0; row < trace.n; row++) {
      const type = types[trace.type[row] ?? 0] ?? none;
      const kind = this.#pair(type, trace.kind[row] ?? 0);
      const agent = this.#pair(kind, agents[trace.agent[row] ?? 0] ?? none);
      const tool = this.#pair(agent, tools[trace.tool[row] ?? 0] ?? none);
      strict[row] = this.#pair(tool, names[trace.name[row] ?? 0] ?? none);
      loose[row] = type === none ? this.#unique-- : kind;
    }
    return { strict, loose };
  }

  #text(text: string): number {
    return numbered(this.#texts, text);
  }

  #pair(a: number, b: number): number {
    return numbered(this.#pairs, a * MOST_KEYS + b);
  }
}

function numbered<Value>(known: Map<Value, number>, value: Value): number {
  const number = known.get(value);
  if (number !== undefined) return number;
  known.set(value, known.size);
  return known.size - 1;
}
