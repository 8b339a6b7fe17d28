import type { SpanTree } from "@clew/protocol/analysis/analysis";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** What is known of a span with everything below it. */
export interface Subtrees {
  /** Equal numbers mean: same names, services, kinds and outcomes all the way down. */
  readonly shape: Int32Array;
  /** Spans in it, itself included. */
  readonly size: Int32Array;
  readonly errors: Int32Array;
  /** A span in it that failed, the outermost; meaningless where there is none. */
  readonly firstError: Int32Array;
  /** 1 where a span right below has the same error text. */
  readonly repeatsBelow: Uint8Array;
}

/** Linear in the number of spans. */
export function subtrees(trace: TraceColumns, tree: SpanTree): Subtrees {
  const shape = new Int32Array(trace.n);
  const size = new Int32Array(trace.n);
  const errors = new Int32Array(trace.n);
  const firstError = new Int32Array(trace.n);
  const repeatsBelow = new Uint8Array(trace.n);
  const known = new Map<string, number>();
  const { name, service, kind, type, agent, model, tool, status, err, flags, dur } = trace;
  for (let position = tree.order.length - 1; position >= 0; position--) {
    const at = tree.order[position]!;
    const parts = [
      name[at],
      service[at],
      kind[at],
      type[at],
      agent[at],
      model[at],
      tool[at],
      status[at],
      err[at],
      (flags[at] ?? 0) & SPAN_FLAG.running,
      (dur[at] ?? 0) < 0,
    ];
    size[at] = 1;
    errors[at] = status[at] === 2 ? 1 : 0;
    firstError[at] = at;
    for (let next = tree.childStart[at]!; next < tree.childStart[at + 1]!; next++) {
      const child = tree.childRows[next]!;
      parts.push(shape[child]);
      size[at]! += size[child]!;
      errors[at]! += errors[child]!;
      if (status[at] !== 2 && errors[child]! > 0 && firstError[at] === at)
        firstError[at] = firstError[child]!;
      if (status[child] === 2 && err[child] !== 0 && err[child] === err[at]) repeatsBelow[at] = 1;
    }
    const key = parts.join();
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    shape[at] = number;
  }
  return { shape, size, errors, firstError, repeatsBelow };
}
