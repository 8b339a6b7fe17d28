import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { columns } from "./columns.ts";

/** Numbers from 0 up to 1 that look random and are the same each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** A trace of some shape: several roots, siblings at once, children that outlive their parents, errors. */
export function randomSpans(seed: number, most = 60): TraceColumns {
  const next = seeded(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const spans = Array.from({ length: 1 + below(most) }, (_, at) => ({
    parent: at === 0 || next() < 0.1 ? (next() < 0.5 ? -1 : -2) : below(at),
    start: below(1000),
    dur: next() < 0.1 ? 0 : below(300),
    name: `step ${below(4)}`,
    type: ["", "tool", "llm"][below(3)]!,
    status: next() < 0.1 ? 2 : 0,
  }));
  const end = Math.max(...spans.map(({ start, dur }) => start + dur));
  return columns(spans, end / 1000);
}
