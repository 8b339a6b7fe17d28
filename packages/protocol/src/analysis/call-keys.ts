import type { SpanRows } from "./analysis.ts";
import { structuralModel, structuralName } from "./structural-name.ts";

/**
 * A number for each span; equal ones are calls of the same thing: same name, service, kind, type, agent, tool and
 * model. Arguments are not known. The numbers count up from 0.
 */
export function callKeys(trace: SpanRows): Int32Array {
  const { dict } = trace;
  const name = sameTexts(dict.name, structuralName);
  const model = sameTexts(dict.model, structuralModel);
  const keys = new Int32Array(trace.n);
  const places = new Map<number, number>();
  const actors = new Map<number, number>();
  const targets = new Map<number, number>();
  const services = dict.service.length + 1;
  const types = dict.type.length + 1;
  const agents = dict.agent.length + 1;
  const tools = dict.tool.length + 1;
  const models = dict.model.length + 1;
  for (let row = 0; row < trace.n; row++) {
    const place = numbered(places, (name[trace.name[row] ?? 0] ?? 0) * services + (trace.service[row] ?? 0));
    const what = (trace.kind[row] ?? 0) * types + (trace.type[row] ?? 0);
    const actor = numbered(actors, (place * 8 * types + what) * agents + (trace.agent[row] ?? 0));
    const target = (trace.tool[row] ?? 0) * models + (model[trace.model[row] ?? 0] ?? 0);
    keys[row] = numbered(targets, actor * tools * models + target);
  }
  return keys;
}

/** For each text the index of the first that is the same after `simplify`. */
function sameTexts(texts: readonly string[], simplify: (text: string) => string): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(texts, (text, at) => {
    const simple = simplify(text);
    const known = first.get(simple) ?? at;
    first.set(simple, known);
    return known;
  });
}

function numbered(known: Map<number, number>, value: number): number {
  const number = known.get(value);
  if (number !== undefined) return number;
  known.set(value, known.size);
  return known.size - 1;
}
