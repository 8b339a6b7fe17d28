import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { say } from "../progress.ts";
import { median } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";

const PROCESS = fileURLToPath(new URL("analysis-process.ts", import.meta.url));
/** Calls after which the code is warm. */
const WARM_UP = 5;

/** What it takes to explain a trace of four agents, and to compare two; without a server, in processes of their own. */
export const analysis: Scenario = {
  gives: ["analysis-50k", "analysis-50k-first", "analysis-1k", "compare-10k"],
  async run({ quick }) {
    const [small, medium, large] = [1_000, 10_000, 50_000].map((spans) => JSON.stringify(fleetTrace(spans)));
    const warm = (work: Work, trace: string, times: number): Call[] =>
      callsOf(work, trace, WARM_UP + times).slice(WARM_UP);
    say("first calls of analyses");
    const firsts = Array.from({ length: quick ? 2 : 9 }, () => callsOf("analyse", large!, 1)[0]!);
    say("further calls");
    const all = [
      { name: "analysis-50k", calls: warm("analyse", large!, quick ? 10 : 40) },
      { name: "analysis-50k-first", calls: firsts },
      { name: "analysis-1k", calls: warm("analyse", small!, quick ? 200 : 1000) },
      { name: "compare-10k", calls: warm("compare", medium!, quick ? 20 : 100) },
    ] as const;
    return all.map(({ name, calls }) => {
      const [ms, cpuMs] = [calls.map((call) => call.ms), calls.map((call) => call.cpuMs)];
      const meanCpuMs = cpuMs.reduce((sum, one) => sum + one, 0) / calls.length;
      const note = `best ${Math.min(...ms).toFixed(1)} ms; ${meanCpuMs.toFixed(1)} ms of CPU in its thread`;
      return { name, value: median(ms), note };
    });
  },
};

type Work = "analyse" | "compare";

interface Call {
  readonly ms: number;
  readonly cpuMs: number;
}

/** The first ones are those of a new process. */
function callsOf(work: Work, trace: string, times: number): Call[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROCESS, work, String(times)], {
    input: trace,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`The analysis ended with ${status}: ${stderr.slice(0, 500)}`);
  return JSON.parse(stdout) as Call[];
}
