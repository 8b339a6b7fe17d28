import type { SpanRows } from "../analysis.ts";
import { callKeys } from "../call-keys.ts";
import { ROLE, STATUS_ERROR, spanRoles } from "../span-role.ts";
import { structuralName } from "../structural-name.ts";

/**
 * Numbers by row; spans of several traces with the same number may be in the same place. From the strictest to the
 * loosest: the same call with the same outcome; the same call, that is name, agent, tool, type and kind; any other
 * call of a model, of a tool, of an agent or step, and nothing else.
 */
export type AlignmentKeys = readonly Int32Array[];

const MOST_KEYS = 2 ** 26;

/** Makes keys that can be compared between all traces it has been given. */
export class KeyMaker {
  readonly #texts = new Map<string, number>();
  readonly #pairs = new Map<number, number>();
  #unique = -1;

  keysOf(trace: SpanRows): AlignmentKeys {
    const { dict } = trace;
    const roles = spanRoles(trace);
    const names = dict.name.map((name) => this.#text(structuralName(name)));
    const agents = dict.agent.map((agent) => this.#text(agent));
    const tools = dict.tool.map((tool) => this.#text(tool));
    const types = dict.type.map((type) => this.#text(type));
    const none = this.#text("");
    const [withOutcome, same, sameRole] = [0, 0, 0].map(() => new Int32Array(trace.n)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    // Calls of the same thing have the same number, of which there are few.
    const keys = callKeys(trace);
    const known: number[] = [];
    for (let row = 0; row < trace.n; row++) {
      let number = known[keys[row]!];
      if (number === undefined) {
        const kind = this.#pair(types[trace.type[row] ?? 0] ?? none, trace.kind[row] ?? 0);
        const agent = this.#pair(kind, agents[trace.agent[row] ?? 0] ?? none);
        const tool = this.#pair(agent, tools[trace.tool[row] ?? 0] ?? none);
        known[keys[row]!] = number = this.#pair(tool, names[trace.name[row] ?? 0] ?? none);
      }
      same[row] = number;
      withOutcome[row] = 2 * same[row]! + (trace.status[row] === STATUS_ERROR ? 1 : 0);
      sameRole[row] = roles[row] === ROLE.plain ? this.#unique-- : roles[row]!;
    }
    return [withOutcome, same, sameRole];
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
