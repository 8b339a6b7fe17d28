import { rmSync } from "node:fs";
import { memoryOf } from "../measure.ts";
import { say, sleep } from "../progress.ts";
import { median } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

/** How soon a server listens, on an empty folder and on one it has used, and what it takes with nothing to do. */
export const start: Scenario = {
  gives: ["start", "idle-memory", "idle-cpu"],
  async run({ quick }) {
    const first: number[] = [];
    const firstReady: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      say(`start ${round + 1}`);
      const fresh = await ServerProcess.start();
      first.push(fresh.start.listeningMs);
      firstReady.push(fresh.start.readyMs);
      await fresh.stop();
      const used = await ServerProcess.start(fresh.dataDir);
      again.push(used.start.listeningMs);
      await used.stop();
      rmSync(fresh.dataDir, { recursive: true, force: true });
    }
    await using server = await ServerProcess.start();
    const settleMs = quick ? 5_000 : 15_000;
    const watchMs = quick ? 10_000 : 60_000;
    say(`idle for ${(settleMs + watchMs) / 1000} s`);
    await sleep(settleMs);
    const begunAt = performance.now();
    const before = server.cpuSeconds();
    await sleep(watchMs);
    const used = server.cpuSeconds() - before;
    const passed = (performance.now() - begunAt) / 1000;
    const memory = memoryOf(server.pid);
    return [
      {
        name: "start",
        value: median(first),
        note: `ready after ${median(firstReady).toFixed(0)} ms; on a used folder ${median(again).toFixed(0)} ms`,
      },
      {
        name: "idle-memory",
        value: memory.rssBytes / 1e6,
        note: `resident memory added up; ${(memory.pssBytes / 1e6).toFixed(0)} MB with shared pages divided`,
      },
      { name: "idle-cpu", value: (used / passed) * 100, note: `of one core, over ${passed.toFixed(0)} s` },
    ];
  },
};
