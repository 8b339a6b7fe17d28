import { SPAN_FLAG } from "../api/trace-columns.ts";
import type { Lanes, RollUps, SpanRows, SpanTree, Totals } from "./analysis.ts";
import { STATUS_ERROR } from "./span-role.ts";

type Column = Exclude<keyof Totals, "spans">;

/** Each span is added once to all above it, and once to its agent and its service; one column after the other. */
export function rollUps(trace: SpanRows, tree: SpanTree, { laneOf, lanes }: Lanes): RollUps {
  const { n } = trace;
  const { isError, isModelCall, isToolCall, isCounted } = whatCounts(trace);
  const byLane = new Parts(
    laneOf,
    lanes.map(({ spans }) => spans),
  );
  const { services, serviceOf, spans } = servicesFromTheEnd(trace, tree);
  const byService = new Parts(serviceOf, spans);
  const whole: Sum = { ...noTotals(), spans: n };
  const up = (column: Column, counts: Uint8Array, amounts?: readonly number[]): Float64Array => {
    const sums = new Float64Array(n);
    whole[column] = addUp(tree, counts, amounts, sums, byLane.adder(column), byService.adder(column));
    return sums;
  };
  return {
    errors: new Int32Array(up("errors", isError)),
    modelCalls: new Int32Array(up("modelCalls", isModelCall)),
    toolCalls: new Int32Array(up("toolCalls", isToolCall)),
    inputTokens: up("inputTokens", isCounted, trace.tokIn),
    outputTokens: up("outputTokens", isCounted, trace.tokOut),
    cacheReadTokens: up("cacheReadTokens", isCounted, trace.tokCacheR),
    costMicro: up("costMicro", isCounted, trace.costMicro),
    whole,
    byAgent: byLane.totalsBy((lane) => lanes[lane]!.agent),
    byService: byService.totalsBy((at) => trace.dict.service[services[at]!] ?? ""),
  };
}

/** By row, 1 for what the row is. */
function whatCounts(trace: SpanRows) {
  const { n, flags, status, type } = trace;
  const [isError, isModelCall] = [new Uint8Array(n), new Uint8Array(n)];
  const [isToolCall, isCounted] = [new Uint8Array(n), new Uint8Array(n)];
  const toolType = trace.dict.type.indexOf("tool");
  for (let row = 0; row < n; row++) {
    if (status[row] === STATUS_ERROR) isError[row] = 1;
    if (toolType > 0 && type[row] === toolType) isToolCall[row] = 1;
    const rowFlags = flags[row] ?? 0;
    if ((rowFlags & SPAN_FLAG.counted) === 0) continue;
    isModelCall[row] = 1;
    if ((rowFlags & SPAN_FLAG.running) === 0) isCounted[row] = 1;
  }
  return { isError, isModelCall, isToolCall, isCounted };
}

/**
 * Where `counts` is 1, adds what `amounts` says, or 1, to the `sums` of the row and of all above it and to its parts;
 * returns the whole.
 */
function addUp(
  { n, order, parent }: SpanTree,
  counts: Uint8Array,
  amounts: readonly number[] | undefined,
  sums: Float64Array,
  { partOf: laneOf, sums: laneSums }: PartAdder,
  { partOf: serviceOf, sums: serviceSums }: PartAdder,
): number {
  let whole = 0;
  for (let at = n - 1; at >= 0; at--) {
    const row = order[at]!;
    if (counts[row] === 1) {
      const amount = amounts === undefined ? 1 : finite(amounts[row]);
      whole += amount;
      laneSums[laneOf[row]!]! += amount;
      serviceSums[serviceOf[row]!]! += amount;
      sums[row]! += amount;
    }
    const above = parent[row]!;
    if (above >= 0) sums[above]! += sums[row]!;
  }
  return whole;
}

function finite(value: number | undefined): number {
  return Number.isFinite(value) ? (value as number) : 0;
}

type Sum = { -readonly [Field in keyof Totals]: number };

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

interface PartAdder {
  /** Part of each row. */
  readonly partOf: Int32Array;
  /** By part. */
  readonly sums: Float64Array;
}

/** Totals of parts of the trace, to one of which each row belongs. */
class Parts {
  readonly #partOf: Int32Array;
  /** How many rows each part has. */
  readonly #spans: readonly number[];
  readonly #columns = new Map<Column, Float64Array>();

  constructor(partOf: Int32Array, spans: readonly number[]) {
    this.#partOf = partOf;
    this.#spans = spans;
  }

  adder(column: Column): PartAdder {
    const sums = new Float64Array(this.#spans.length);
    this.#columns.set(column, sums);
    return { partOf: this.#partOf, sums };
  }

  /** Parts that have the same name are added up. */
  totalsBy(nameOf: (part: number) => string): Map<string, Totals> {
    const byName = new Map<string, Sum>();
    for (let part = 0; part < this.#spans.length; part++) {
      const name = nameOf(part);
      let sum = byName.get(name);
      if (sum === undefined) byName.set(name, (sum = noTotals()));
      sum.spans += this.#spans[part]!;
      for (const [column, sums] of this.#columns) sum[column] += sums[part]!;
    }
    return byName;
  }
}

/** The services that spans name, the last one's first, and which of them each row names. */
function servicesFromTheEnd({ service }: SpanRows, { n, order }: SpanTree) {
  const places = new Map<number, number>();
  const spans: number[] = [];
  const serviceOf = new Int32Array(n);
  let before = -1;
  let place = -1;
  for (let at = n - 1; at >= 0; at--) {
    const row = order[at]!;
    const named = service[row] ?? 0;
    if (named !== before || place === -1) {
      place = places.get(named) ?? spans.push(0) - 1;
      places.set(named, place);
      before = named;
    }
    serviceOf[row] = place;
    spans[place]!++;
  }
  return { services: [...places.keys()], serviceOf, spans };
}
