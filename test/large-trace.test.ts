import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { flatten } from "./harness/canonical.ts";
import { exportedBytes } from "./harness/exported.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { settled } from "./harness/settled.ts";
import { assertSummaries } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

const SPANS = 100_000;
const AT_ONCE = 1000;
const MIB = 1024 * 1024;

test("a trace of 100,000 spans is stored, comes in columns and is exported whole", async (t) => {
  await using server = await ServerProcess.start();
  const grpc = new RawGrpc(server.ports.grpc);
  const load = new NumberedLoad({ spansPerTrace: SPANS });
  const traceId = load.traceId(0);
  const sent: Uint8Array[] = [];
  for (let n = 0; n < SPANS; n += AT_ONCE) {
    const { bytes } = load.next("traces", AT_ONCE);
    sent.push(bytes);
    assert.equal((await grpc.send("traces", bytes)).status, 0);
  }
  grpc.close();
  const item = await until("the whole trace in the list", async () => {
    const [first] = (await server.api.traces({ service: load.service })).items;
    return first?.spanCount === SPANS && first;
  });
  assert.deepEqual([item.traceId, item.errorCount, item.rootMissing], [traceId, SPANS / 10, false]);

  const beganAt = performance.now();
  const trace = await server.api.trace(traceId);
  t.diagnostic(`columns after ${Math.round(performance.now() - beganAt)} ms`);
  const shown = trace.truncated?.shown ?? SPANS;
  assert.equal(trace.n, shown);
  if (trace.truncated !== undefined) assert.equal(trace.truncated.total, SPANS);
  t.diagnostic(`${trace.n} spans shown`);
  const { ctx, dict, links, v, n, t0Ms, t0Nanos, durMs, traceId: id, truncated, ...columns } = trace;
  assert.deepEqual([v, id, links], [1, traceId, []]);
  for (const [name, column] of Object.entries(columns)) assert.equal(column.length, n, `column ${name}`);
  assert.equal(new Set(trace.id).size, n);
  assert.ok(trace.parent.slice(1).every((parent) => parent === 0));
  assert.ok(dict.name.length < 20 && ctx.session !== undefined && durMs > 0 && t0Ms > 0 && t0Nanos !== "");
  assert.equal(truncated === undefined, n === SPANS);

  const wanted = flatten("traces", ...sent.map((bytes) => decodeOtlp("traces", bytes)));
  for (const format of ["protobuf", "jsonl"] as const) {
    const begunAt = performance.now();
    const bytes = await exportedBytes(server, "traces", { traces: [traceId], format });
    const tookMs = Math.round(performance.now() - begunAt);
    t.diagnostic(`exported as ${format}: ${Math.round(bytes.length / MIB)} MiB in ${tookMs} ms`);
    const documents =
      format === "protobuf"
        ? [decodeOtlp("traces", bytes)]
        : bytes
            .toString()
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as object);
    const found = flatten("traces", ...documents);
    assert.equal(found.length, SPANS);
    // One comparison of all would need minutes to say what differs.
    for (const [at, flat] of found.entries()) assert.deepEqual(flat, wanted[at]);
  }
  const peakBytes = server.residentBytes;
  t.diagnostic(`${Math.round(peakBytes / MIB)} MiB after it`);
  assert.ok(peakBytes < 1536 * MIB, `${Math.round(peakBytes / MIB)} MiB`);
  await settled(server.api);
  await assertSummaries(server.engine);
});
