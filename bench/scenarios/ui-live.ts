import { randomBytes } from "node:crypto";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { text } from "../agent-spans.ts";
import { BenchBrowser, type BenchPage } from "../page/bench-page.ts";
import { say, sleep } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import { startLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const TRACES_PER_SECOND = 200;
const SPANS_PER_TRACE = 20;
/** What the trace ids of marks begin with. */
const MARK = "be4c4be4";
const WARM_UP_MS = 3000;
const MARK_EVERY_MS = 250;
/** In which the last marks must have come; a busy machine stores late. */
const PATIENCE_MS = 30_000;
const POLL_MS = 500;
/** So many rows are in the document that no mark is pushed out before it is seen. */
const TALL_PX = 6000;

/** The live page while many traces come. */
export const uiLive: Scenario = {
  gives: ["ui-live-visible", "ui-live-cpu"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    await using browser = await BenchBrowser.start(server);
    const seconds = quick ? 8 : 30;
    const load = await startLoad({
      port: server.ports.grpc,
      spansPerRequest: 100,
      rate: TRACES_PER_SECOND * SPANS_PER_TRACE,
      seconds: 600,
      inFlight: 400,
    });
    try {
      say(`${TRACES_PER_SECOND} traces/s on the live page for ${seconds} s`);
      const cpu = await cpuOf(browser, seconds);
      say("the same, looking for traces");
      const visible = await visibleOn(browser, server, seconds);
      return [
        { name: "ui-live-visible", ...visible },
        { name: "ui-live-cpu", ...cpu },
      ];
    } finally {
      load.stop();
      await load.result.catch((error: Error) => say(error.message));
    }
  },
};

async function cpuOf(browser: BenchBrowser, seconds: number) {
  await using opened = await browser.page();
  await opened.open("/live", "main [data-trace]");
  await opened.page.waitForTimeout(WARM_UP_MS);
  const begunAt = performance.now();
  const before = await opened.cpuSeconds();
  await sleep(seconds * 1000);
  const used = (await opened.cpuSeconds()) - before;
  const passed = (performance.now() - begunAt) / 1000;
  const heapMb = (await opened.heapBytes()) / 1e6;
  return {
    value: (used / passed) * 100,
    note: `of one core, all threads of its process, over ${passed.toFixed(0)} s; heap ${heapMb.toFixed(0)} MB then`,
  };
}

/** Traces of one span, sent now and then: from the acknowledgement until their row is in a frame. */
async function visibleOn(browser: BenchBrowser, server: ServerProcess, seconds: number) {
  await using opened = await browser.page({ height: TALL_PX });
  await opened.open("/live", "main [data-trace]");
  await opened.ask<void>(`gestures.lookFor("${MARK}")`);
  await opened.page.waitForTimeout(WARM_UP_MS);
  const acknowledged = new Map<string, number>();
  for (let at = 0; at < (seconds * 1000) / MARK_EVERY_MS; at++) {
    const id = `${MARK}${randomBytes(12).toString("hex")}`;
    await sendMark(server, id);
    acknowledged.set(id, Date.now());
    await sleep(MARK_EVERY_MS);
  }
  const seen = await whenSeen(opened, acknowledged.size);
  const waits = [...acknowledged].map(([id, atMs]) =>
    Math.max(0, (seen.get(id) ?? Number.POSITIVE_INFINITY) - atMs),
  );
  return {
    value: quantile(waits, 0.95),
    note: `p50 ${median(waits).toFixed(0)}, p99 ${quantile(waits, 0.99).toFixed(0)} ms; ${seen.size} of ${waits.length} traces seen`,
  };
}

/** By trace id when the marks were painted, as soon as so many were. */
async function whenSeen(opened: BenchPage, marks: number): Promise<ReadonlyMap<string, number>> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = new Map(await opened.ask<[string, number][]>("gestures.seen()"));
    if (seen.size >= marks || performance.now() > until) return seen;
    await sleep(POLL_MS);
  }
}

async function sendMark(server: ServerProcess, traceId: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    ...{ traceId, spanId: traceId.slice(16), name: "mark", kind: 1 },
    startTimeUnixNano: String(now - 5_000_000n),
    endTimeUnixNano: String(now),
  };
  const resource = { attributes: [text("service.name", "marks")] };
  const body = encodeOtlp("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  const { status } = await fetch(`http://127.0.0.1:${server.ports.http}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body,
  });
  if (status !== 200) throw new Error(`The server answered spans with ${status}`);
}
