/**
 * What it costs to explain a trace, printed as milliseconds, best and median of many: `node analysis.bench.ts`.
 * Budget: 5 ms for 1,000 spans, 150 ms for 50,000.
 */
import { analyseTrace } from "./analyse-trace.ts";
import { compareTraces } from "./comparison/compare-traces.ts";
import { fleetTrace } from "./fleet-trace.ts";

function measure(label: string, times: number, work: () => unknown): void {
  const first = timed(work);
  const all = Array.from({ length: times }, () => timed(work)).sort((a, b) => a - b);
  const [best, middle] = [all[0]!, all[times >> 1]!];
  const figures = [first, best, middle].map((ms) => ms.toFixed(2).padStart(8)).join(" ");
  process.stdout.write(`${figures} ms  ${label}\n`);
}

function timed(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

process.stdout.write("   first     best   median\n");
for (const spans of [1_000, 50_000, 100_000]) {
  const trace = fleetTrace(spans);
  measure(`analyse ${trace.n} spans`, spans > 10_000 ? 15 : 200, () => analyseTrace(trace));
}
const [a, b] = [fleetTrace(50_000), fleetTrace(49_000)].map((trace) => ({
  trace,
  analysis: analyseTrace(trace),
}));
measure("compare 50,000 with 49,000 spans", 15, () => compareTraces(a!, b!));
