import type { SpanRows, TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useEffect, useMemo, useRef, useState } from "react";

/** What the worker is asked; answers carry the number of their request. */
export interface AnalysisRequest {
  readonly number: number;
  readonly trace: SpanRows;
}

export interface AnalysisAnswer {
  readonly number: number;
  readonly analysis: TraceAnalysis;
}

/** A trace with what explains it. While the trace grows, this may be how it was a moment ago. */
export interface AnalysedTrace {
  readonly trace: TraceColumns;
  readonly analysis: TraceAnalysis;
}

export interface AnalysisState {
  /** Undefined until the first answer. */
  readonly analysed: AnalysedTrace | undefined;
  readonly hasFailed: boolean;
}

/** Has a trace explained by a worker, and again when it has changed. What changes meanwhile is asked for once. */
export function useAnalysis(trace: TraceColumns): AnalysisState {
  const [state, setState] = useState<AnalysisState>({ analysed: undefined, hasFailed: false });
  const ask = useRef<(trace: TraceColumns) => void>(undefined);
  const isPainted = usePainted();
  useEffect(() => {
    if (!isPainted) return;
    const worker = new Worker(new URL("./analysis-worker.ts", import.meta.url), { type: "module" });
    let asked: TraceColumns | undefined;
    let waiting: TraceColumns | undefined;
    let number = 0;
    const send = (next: TraceColumns): void => {
      asked = next;
      worker.postMessage({ number: ++number, trace: rowsOf(next) } satisfies AnalysisRequest);
    };
    worker.addEventListener("message", ({ data }: MessageEvent<AnalysisAnswer>) => {
      if (data.number !== number || asked === undefined) return;
      setState({ analysed: { trace: asked, analysis: data.analysis }, hasFailed: false });
      asked = undefined;
      if (waiting !== undefined) send(waiting);
      waiting = undefined;
    });
    worker.addEventListener("error", () => setState(({ analysed }) => ({ analysed, hasFailed: true })));
    ask.current = (next) => {
      if (asked === undefined) send(next);
      else waiting = next;
    };
    return () => {
      ask.current = undefined;
      worker.terminate();
    };
  }, [isPainted]);
  useEffect(() => {
    if (isPainted) ask.current?.(trace);
  }, [trace, isPainted]);
  return state;
}

/** Whether what came first is on the screen: until then, nothing else should be in its way. */
function usePainted(): boolean {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setPainted(true));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return isPainted;
}

/** The columns that the analysis reads: what is copied to the worker is paid for by the page. */
function rowsOf(trace: TraceColumns): SpanRows {
  const { traceId, n, id, parent, start, dur, dict, name, kind, service, type, agent, model, tool } = trace;
  const { status, err, tokIn, tokOut, tokCacheR, costMicro, flags, links } = trace;
  return {
    ...{ traceId, n, id, parent, start, dur, dict, name, kind, service, type, agent, model, tool },
    ...{ status, err, tokIn, tokOut, tokCacheR, costMicro, flags, links },
  };
}

/** Tells of rows of the analysed trace which row of the trace as it is now they are; -1 for none. */
export function useRowsNow(
  trace: TraceColumns,
  analysed: AnalysedTrace | undefined,
): (row: number) => number {
  return useMemo(() => {
    const then = analysed?.trace;
    if (then === undefined || then === trace) return (row) => row;
    const rows = new Map(trace.id.map((id, row) => [id, row]));
    return (row) => rows.get(then.id[row] ?? "") ?? -1;
  }, [trace, analysed]);
}
