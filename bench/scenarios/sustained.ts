import { PeakMemory } from "../measure.ts";
import { say } from "../progress.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

/** As many spans as the server takes for a minute; the rate counts until the last of them can be queried. */
export const sustained: Scenario = {
  gives: ["sustained", "refused", "lost", "doubled", "peak-memory"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const peak = new PeakMemory(server.pid);
    const seconds = quick ? 10 : 60;
    say(`sending for ${seconds} s as fast as answers come`);
    const load = await runLoad({ port: server.ports.grpc, spansPerRequest: 100, seconds });
    const acknowledgedAt = performance.now();
    const acknowledged = load.acknowledgedSpans;
    say(`${acknowledged} spans acknowledged in ${load.seconds.toFixed(1)} s; waiting for the last one`);
    await server.whenStored(acknowledged).catch((error: Error) => say(error.message));
    const stored = await server.storedSpans();
    const storedAfter = load.seconds + (performance.now() - acknowledgedAt) / 1000;
    const peakBytes = peak.stop();
    const distinct = await server.engine.number("SELECT uniqExact(trace_id, span_id) FROM spans");
    const acknowledgedRate = Math.round(acknowledged / load.seconds).toLocaleString("en");
    const refusals = Object.entries(load.refusals).map(([said, count]) => `${count} × ${said}`);
    return [
      {
        name: "sustained",
        value: stored / storedAfter,
        note: `acknowledged ${acknowledgedRate}/s, the last one stored ${(storedAfter - load.seconds).toFixed(1)} s later`,
      },
      {
        name: "refused",
        value: load.refusedSpans + load.rejectedSpans,
        note: refusals.join("; ").slice(0, 120),
      },
      {
        name: "lost",
        value: Math.max(0, acknowledged - distinct),
        note: `of ${acknowledged.toLocaleString("en")}`,
      },
      { name: "doubled", value: stored - distinct },
      { name: "peak-memory", value: peakBytes / 1e6, note: "resident memory of all processes added up" },
    ];
  },
};
