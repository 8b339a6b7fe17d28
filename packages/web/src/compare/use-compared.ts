import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useEffect, useState } from "react";
import type { CompareAnswer, Compared, CompareRequest } from "./compared.ts";

export interface ComparedState {
  /** Undefined until the first answer, and while other traces are compared. */
  readonly compared: Compared | undefined;
  readonly hasFailed: boolean;
}

const NOTHING: ComparedState = { compared: undefined, hasFailed: false };

/** Has two traces compared by a worker as soon as both are there. */
export function useCompared(a: TraceColumns | undefined, b: TraceColumns | undefined): ComparedState {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    if (a === undefined || b === undefined) return;
    const worker = new Worker(new URL("./compare-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<CompareAnswer>) => {
      setState({
        compared: {
          a: { trace: a, analysis: data.a },
          b: { trace: b, analysis: data.b },
          comparison: data.comparison,
        },
        hasFailed: false,
      });
      worker.terminate();
    });
    worker.addEventListener("error", () => setState({ compared: undefined, hasFailed: true }));
    worker.postMessage({ a, b } satisfies CompareRequest);
    return () => worker.terminate();
  }, [a, b]);
  const isOld =
    state.compared !== undefined && (state.compared.a.trace !== a || state.compared.b.trace !== b);
  return isOld ? NOTHING : state;
}
