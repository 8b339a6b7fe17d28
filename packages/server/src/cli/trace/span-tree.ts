import { NO_PARENT, PARENT_MISSING, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** The spans of a trace by who called whom; everything by index of the span. */
export interface SpanTree {
  /** Called by nobody. */
  readonly roots: readonly number[];
  /** Their parent was named but has not arrived. */
  readonly orphans: readonly number[];
  /** One of each ring of spans that call each other their parent. */
  readonly rings: readonly number[];
  /** In order of start. */
  readonly children: readonly (readonly number[])[];
  /** Parents before their children, so that walking it backwards meets children first. */
  readonly order: readonly number[];
}

const NONE: readonly number[] = [];

/** Linear in the number of spans, whatever the depth. A ring is cut before its earliest span. */
export function spanTree(trace: TraceColumns): SpanTree {
  const children: number[][] = [];
  const roots: number[] = [];
  const orphans: number[] = [];
  const rings: number[] = [];
  for (let at = 0; at < trace.n; at++) {
    const parent = trace.parent[at] ?? NO_PARENT;
    if (parent === NO_PARENT) roots.push(at);
    else if (parent === PARENT_MISSING) orphans.push(at);
    else (children[parent] ??= []).push(at);
  }
  const order: number[] = [];
  const seen = new Uint8Array(trace.n);
  const visit = (start: number): void => {
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      seen[at] = 1;
      order.push(at);
      const below = (children[at] ?? NONE).filter((child) => seen[child] === 0);
      if (below.length < (children[at]?.length ?? 0)) children[at] = below;
      for (let child = below.length - 1; child >= 0; child--) waiting.push(below[child]!);
    }
  };
  for (const at of roots) visit(at);
  for (const at of orphans) visit(at);
  for (let at = 0; at < trace.n; at++) {
    if (seen[at] === 1) continue;
    rings.push(at);
    visit(at);
  }
  return {
    roots,
    orphans,
    rings,
    order,
    children: Array.from({ length: trace.n }, (_, at) => children[at] ?? NONE),
  };
}
