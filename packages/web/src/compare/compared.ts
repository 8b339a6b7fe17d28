import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { TraceComparison } from "@clew/protocol/analysis/comparison/comparison";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { AnalysedTrace } from "../trace/use-analysis.ts";

/** What the worker is asked. */
export interface CompareRequest {
  readonly a: TraceColumns;
  readonly b: TraceColumns;
}

export interface CompareAnswer {
  readonly a: TraceAnalysis;
  readonly b: TraceAnalysis;
  readonly comparison: TraceComparison;
}

/** Two traces with what explains them, laid over each other. */
export interface Compared {
  readonly a: AnalysedTrace;
  readonly b: AnalysedTrace;
  readonly comparison: TraceComparison;
}
