import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import type { AnalysisAnswer, AnalysisRequest } from "./use-analysis.ts";

/** Explains traces beside the page, which stays quick meanwhile. One answer for each request, in their order. */
addEventListener("message", ({ data }: MessageEvent<AnalysisRequest>) => {
  const answer: AnalysisAnswer = { number: data.number, analysis: analyseTrace(data.trace) };
  postMessage(answer);
});
