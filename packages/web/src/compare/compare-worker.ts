import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { compareTraces } from "@clew/protocol/analysis/comparison/compare-traces";
import type { CompareAnswer, CompareRequest } from "./compared.ts";

/** Compares traces beside the page, which stays quick meanwhile. One answer for each request. */
addEventListener("message", ({ data: { a, b } }: MessageEvent<CompareRequest>) => {
  const analyses = { a: analyseTrace(a), b: analyseTrace(b) };
  const comparison = compareTraces({ trace: a, analysis: analyses.a }, { trace: b, analysis: analyses.b });
  postMessage({ ...analyses, comparison } satisfies CompareAnswer);
});
