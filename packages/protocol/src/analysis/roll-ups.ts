import { SPAN_FLAG } from "../api/trace-columns.ts";
import type { Lanes, RollUps, SpanRows, SpanTree, Totals } from "./analysis.ts";
import { STATUS_ERROR } from "./span-role.ts";

type Sum = { -readonly [Field in keyof Totals]: number };

/** Each span is added once to all above it, and once to its agent and its service. */
export function rollUps(trace: SpanRows, tree: SpanTree, { laneOf, lanes }: Lanes): RollUps {
  const { n } = trace;
  const errors = new Int32Array(n);
  const modelCalls = new Int32Array(n);
  const toolCalls = new Int32Array(n);
  const inputTokens = new Float64Array(n);
  const outputTokens = new Float64Array(n);
  const cacheReadTokens = new Float64Array(n);
  const costMicro = new Float64Array(n);
  const whole = noTotals();
  const byLane = lanes.map(noTotals);
  const byServiceIndex = new Map<number, Sum>();
  const toolType = trace.dict.type.indexOf("tool");
  for (let at = n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const flags = trace.flags[row] ?? 0;
    const counts = (flags & SPAN_FLAG.counted) !== 0 && (flags & SPAN_FLAG.running) === 0;
    const own: Totals = {
      spans: 1,
      errors: trace.status[row] === STATUS_ERROR ? 1 : 0,
      modelCalls: (flags & SPAN_FLAG.counted) !== 0 ? 1 : 0,
      toolCalls: toolType > 0 && trace.type[row] === toolType ? 1 : 0,
      inputTokens: counts ? amount(trace.tokIn[row]) : 0,
      outputTokens: counts ? amount(trace.tokOut[row]) : 0,
      cacheReadTokens: counts ? amount(trace.tokCacheR[row]) : 0,
      costMicro: counts ? amount(trace.costMicro[row]) : 0,
    };
    add(whole, own);
    const lane = byLane[laneOf[row]!];
    if (lane !== undefined) add(lane, own);
    const service = trace.service[row] ?? 0;
    let ofService = byServiceIndex.get(service);
    if (ofService === undefined) byServiceIndex.set(service, (ofService = noTotals()));
    add(ofService, own);
    errors[row]! += own.errors;
    modelCalls[row]! += own.modelCalls;
    toolCalls[row]! += own.toolCalls;
    inputTokens[row]! += own.inputTokens;
    outputTokens[row]! += own.outputTokens;
    cacheReadTokens[row]! += own.cacheReadTokens;
    costMicro[row]! += own.costMicro;
    const parent = tree.parent[row]!;
    if (parent < 0) continue;
    errors[parent]! += errors[row]!;
    modelCalls[parent]! += modelCalls[row]!;
    toolCalls[parent]! += toolCalls[row]!;
    inputTokens[parent]! += inputTokens[row]!;
    outputTokens[parent]! += outputTokens[row]!;
    cacheReadTokens[parent]! += cacheReadTokens[row]!;
    costMicro[parent]! += costMicro[row]!;
  }
  const byService = [...byServiceIndex].map(
    ([index, sum]) => [trace.dict.service[index] ?? "", sum] as const,
  );
  return {
    ...{ errors, modelCalls, toolCalls, inputTokens, outputTokens, cacheReadTokens, costMicro, whole },
    byAgent: summed(lanes.map(({ agent }, at) => [agent, byLane[at]!] as const)),
    byService: summed(byService),
  };
}

function summed(parts: readonly (readonly [name: string, sum: Totals])[]): Map<string, Totals> {
  const sums = new Map<string, Sum>();
  for (const [name, part] of parts) {
    const sum = sums.get(name) ?? noTotals();
    add(sum, part);
    sums.set(name, sum);
  }
  return sums;
}

function noTotals(): Sum {
  return {
    spans: 0,
    errors: 0,
    modelCalls: 0,
    toolCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    costMicro: 0,
  };
}

function add(sum: Sum, part: Totals): void {
  sum.spans += part.spans;
  sum.errors += part.errors;
  sum.modelCalls += part.modelCalls;
  sum.toolCalls += part.toolCalls;
  sum.inputTokens += part.inputTokens;
  sum.outputTokens += part.outputTokens;
  sum.cacheReadTokens += part.cacheReadTokens;
  sum.costMicro += part.costMicro;
}

function amount(value: number | undefined): number {
  return Number.isFinite(value) ? (value as number) : 0;
}
