/**
 * Explains the trace that comes in as JSON, as often as the argument says, and prints how many milliseconds each time
 * took, and how many of them its thread ran, as JSON. With `compare` it compares the trace with one in which every
 * fiftieth span, if it is a tool, is another one.
 */
import { readFileSync } from "node:fs";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { compareTraces } from "@clew/protocol/analysis/comparison/compare-traces";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";

const [work, times] = process.argv.slice(2);
const trace = JSON.parse(readFileSync(0, "utf8")) as TraceColumns;
const run = work === "compare" ? comparison(trace) : () => analyseTrace(trace);

const calls = Array.from({ length: Number(times) }, () => {
  const begunAt = performance.now();
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return { ms: performance.now() - begunAt, cpuMs: (user + system) / 1000 };
});
process.stdout.write(JSON.stringify(calls));

function comparison(a: TraceColumns): () => unknown {
  const others = a.dict.tool.length - 1;
  const tool = a.tool.map((index, row) => (index > 0 && row % 50 === 0 ? 1 + (index % others) : index));
  const [one, other] = [a, { ...a, tool }].map((columns) => ({
    trace: columns,
    analysis: analyseTrace(columns),
  }));
  return () => compareTraces(one!, other!);
}
