import type { RollUps, SpanTree } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";

/**
 * One entry per span, 1 for those between agents, models and tools: calls of HTTP, queues and databases. Roots stay,
 * and so does where an error began. Undefined where nothing would be left out, or nothing else is there.
 */
export function infrastructureOf(
  trace: TraceColumns,
  { depth }: SpanTree,
  { errors }: Pick<RollUps, "errors">,
): Uint8Array | undefined {
  const isInfrastructure = new Uint8Array(trace.n);
  let count = 0;
  let typed = 0;
  for (let span = 0; span < trace.n; span++) {
    if (trace.dict.type[trace.type[span] ?? 0] !== "") {
      typed++;
      continue;
    }
    const isOrigin = trace.status[span] === 2 && errors[span] === 1;
    if (depth[span] === 0 || isOrigin) continue;
    isInfrastructure[span] = 1;
    count++;
  }
  return count > 0 && typed > 0 ? isInfrastructure : undefined;
}
