import { CpuMeter } from "../measure.ts";
import { say, sleep } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";
import type { SentTrace } from "../template.ts";

const RATE = 20_000;
const POLL_MS = 30;
const GIVE_UP_MS = 20_000;
/** Each is asked for until it is there, which is load as well. */
const TRACES_PER_SECOND = 2;

/** A fixed rate, well below what the server can take: how long senders and readers wait. */
export const latency: Scenario = {
  gives: ["ack-p99", "visible-p95", "cpu-paced"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const plan = { port: server.ports.grpc, spansPerRequest: 100, rate: RATE, inFlight: 400 };
    say("warming up");
    const before = await runLoad({ ...plan, seconds: quick ? 4 : 10, seed: 1000 });
    await server.whenStored(before.acknowledgedSpans);
    const seconds = quick ? 10 : 30;
    say(`sending ${RATE} spans/s for ${seconds} s`);
    const meter = new CpuMeter(server.pid);
    const load = await runLoad({ ...plan, seconds });
    await server.whenStored(before.acknowledgedSpans + load.acknowledgedSpans);
    await server.whenQuiet();
    const cpu = meter.perSpan(load.acknowledgedSpans);

    say(`the same, asking for ${TRACES_PER_SECOND} traces a second`);
    const waits: Promise<number>[] = [];
    const onAcknowledged = (trace: SentTrace, atMs: number): void => {
      waits.push(untilVisible(server, trace, atMs));
    };
    await runLoad({ ...plan, seconds, seed: 2000, announce: TRACES_PER_SECOND }, { onAcknowledged });
    const visible = await Promise.all(waits);
    const { p50, max } = load.latency;
    return [
      {
        name: "ack-p99",
        value: load.latency.p99,
        note: `p50 ${p50.toFixed(1)}, longest ${max.toFixed(0)} ms; ${load.refusedSpans} spans refused`,
      },
      {
        name: "visible-p95",
        value: quantile(visible, 0.95),
        note: `p50 ${median(visible).toFixed(0)} ms, ${visible.length} traces`,
      },
      { name: "cpu-paced", ...cpu },
    ];
  },
};

/**
 * Milliseconds from the acknowledgement of a trace's last span until the whole trace is answered; up to a tenth
 * too long, and infinite when it does not come.
 */
async function untilVisible(server: ServerProcess, trace: SentTrace, atMs: number): Promise<number> {
  for (;;) {
    const answer = await server.api.trace(trace.traceId).catch(() => undefined);
    const waited = performance.timeOrigin + performance.now() - atMs;
    if (answer !== undefined && answer.n >= trace.spans) return waited;
    if (waited > GIVE_UP_MS) return Number.POSITIVE_INFINITY;
    // Seldom enough that asking does not slow down what is asked about.
    await sleep(Math.max(POLL_MS, waited / 10));
  }
}
