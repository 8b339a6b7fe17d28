import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { PeakMemory } from "../measure.ts";
import { say } from "../progress.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

/** One trace of 100,000 spans, as a long run of an agent makes it. */
export const largeTrace: Scenario = {
  gives: ["large-stored", "large-fetched", "large-exported"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const spans = quick ? 10_000 : 100_000;
    say(`sending one trace of ${spans} spans`);
    const plan = { port: server.ports.grpc, spansPerRequest: 100, largeTrace: true, spans, keep: 1 };
    const { acknowledgedSpans, kept, seconds } = await runLoad(plan);
    const acknowledgedAt = performance.now();
    await server.whenStored(acknowledgedSpans);
    const storedMs = seconds * 1000 + performance.now() - acknowledgedAt;
    const traceId = kept[0]?.traceId ?? "last";

    const peak = new PeakMemory(server.pid);
    let at = performance.now();
    const trace = await server.api.trace(traceId);
    const fetchedMs = performance.now() - at;
    const fetchNote = trace.truncated === undefined ? `${trace.n} spans` : `cut to ${trace.n} spans`;

    at = performance.now();
    const body = await server.api.export("traces", { traces: [traceId], format: "protobuf" });
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const exportedMs = performance.now() - at;
    const peakMb = (peak.stop() / 1e6).toFixed(0);
    const exported = countSpans(bytes);
    const exportNote = `${exported} spans, ${(bytes.length / 1e6).toFixed(0)} MB; peak memory ${peakMb} MB`;
    return [
      { name: "large-stored", value: storedMs, note: `acknowledged after ${(seconds * 1000).toFixed(0)} ms` },
      { name: "large-fetched", value: fetchedMs, note: fetchNote },
      { name: "large-exported", value: exported === spans ? exportedMs : Number.NaN, note: exportNote },
    ];
  },
};

function countSpans(bytes: Uint8Array): number {
  const { resourceSpans = [] } = decodeOtlp("traces", bytes);
  const scopes = resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans);
  return scopes.reduce((sum, { spans = [] }) => sum + spans.length, 0);
}
