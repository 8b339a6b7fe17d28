import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { TIME_KINDS, type TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";

/** The analysis for programs: spans by their ids, lanes by their index, times in milliseconds since the first span as it was sent. */
export function analysisJson(trace: TraceColumns): object {
  const analysis = analyseTrace(trace);
  const { lanes, edges, waits, findings, clock } = analysis;
  const idOf = (row: number): string | undefined => trace.id[row];
  return {
    clockSkews: clock.skews.map(({ service, aheadUs, spans }) => ({
      service: trace.dict.service[service] ?? "",
      aheadMs: ms(aheadUs),
      spans,
    })),
    lanes: lanes.lanes.map(({ firstSpan, startUs, endUs, ...lane }) => ({
      ...lane,
      firstSpanId: idOf(firstSpan),
      startMs: ms(startUs),
      endMs: ms(endUs),
    })),
    edges: edges.map(({ fromSpan, toSpan, sentUs, startedUs, queueUs, ...edge }) => ({
      ...edge,
      fromSpanId: idOf(fromSpan),
      toSpanId: idOf(toSpan),
      sentMs: ms(sentUs),
      startedMs: ms(startedUs),
      queueMs: ms(queueUs),
    })),
    criticalPath: pathJson(trace, analysis),
    waits: waits.map(({ us, onLane, ...wait }) => ({ ...wait, ...(onLane >= 0 && { onLane }), ms: ms(us) })),
    findings: findings.map(({ spans, ...finding }) => ({
      ...named(finding, idOf),
      spanIds: spans.map(idOf),
    })),
  };
}

function pathJson(trace: TraceColumns, { criticalPath, lanes }: TraceAnalysis): object {
  const { count, span, fromUs, toUs, kind, onLane, totals } = criticalPath;
  return {
    totalsMs: Object.fromEntries(TIME_KINDS.map((name) => [name, ms(totals[name])])),
    segments: Array.from({ length: count }, (_, at) => {
      const row = span[at]!;
      return {
        kind: TIME_KINDS[kind[at]!],
        ...(row >= 0 && { spanId: trace.id[row], lane: lanes.laneOf[row] }),
        ...(onLane[at]! >= 0 && { onLane: onLane[at] }),
        startMs: ms(fromUs[at]!),
        durMs: ms(toUs[at]! - fromUs[at]!),
      };
    }),
  };
}

/** What findings say beside their spans, rows as ids and microseconds as milliseconds. */
function named(finding: object, idOf: (row: number) => string | undefined): object {
  return Object.fromEntries(
    Object.entries(finding).map(([field, value]: [string, unknown]) => {
      if (field === "carriedBy") return [field, (value as readonly number[]).map(idOf)];
      if (field === "swallowedBy") return [field, (value as number) < 0 ? null : idOf(value as number)];
      if (field.endsWith("Us")) return [`${field.slice(0, -2)}Ms`, ms(value as number)];
      return [field, value];
    }),
  );
}

/** Exact to the nanosecond: dividing alone leaves digits that nobody measured. */
function ms(us: number): number {
  return Math.round(us * 1000) / 1_000_000;
}
