import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Span } from "@clew/protocol/otlp/model";
import { type ClickHouseStore, openEmbedded } from "../store/clickhouse-store.ts";
import { migrate } from "../store/migrate.ts";
import { Pipeline } from "./pipeline.ts";
import type { IngestProgress } from "./progress-file.ts";

const log = { info() {}, warn() {}, error() {} };
const dataDir = mkdtempSync(join(tmpdir(), "clew-log-to-store-"));
const progressPath = join(dataDir, "ingest", "progress.json");
let store: ClickHouseStore;

before(async () => {
  store = await openEmbedded({ dataDir, log });
  await migrate(store);
});

after(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

let serial = 0;

/** A trace of `n` spans as a request; every span has tokens, so that sums would show a repeat. */
function request(n: number): Uint8Array {
  serial++;
  const traceId = serial.toString(16).padStart(32, "0");
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from(
    { length: n },
    (_, index): Span => ({
      traceId,
      spanId: (index + 1).toString(16).padStart(16, "0"),
      ...(index > 0 && { parentSpanId: "0000000000000001" }),
      name: "chat",
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 5_000_000n),
      attributes: [
        { key: "gen_ai.operation.name", value: { stringValue: index > 0 ? "chat" : "invoke_agent" } },
        { key: "gen_ai.usage.input_tokens", value: { intValue: "10" } },
      ],
    }),
  );
  return encodeOtlp("traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

/** A log request of `n` records. */
function logs(n: number): Uint8Array {
  serial++;
  const logRecords = Array.from({ length: n }, (_, index) => ({
    timeUnixNano: String(BigInt(Date.now()) * 1_000_000n + BigInt(serial * 1000 + index)),
    body: { stringValue: `record ${serial}.${index}` },
  }));
  return encodeOtlp("logs", { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

async function counts() {
  const [row] = await store.query<Record<string, string>>(`SELECT
    (SELECT count() FROM spans) AS spans,
    (SELECT uniqExact(trace_id, span_id) FROM spans) AS distinct_spans,
    (SELECT sum(span_count) FROM traces) AS summed,
    (SELECT sum(input_tokens) FROM traces) AS tokens,
    (SELECT sum(call_count) FROM span_stats) AS calls,
    (SELECT count() FROM logs) AS logs`);
  return Object.fromEntries(Object.entries(row!).map(([key, value]) => [key, Number(value)]));
}

/** Opens a pipeline, hands the requests in and closes it, by when all of them are stored. */
async function run(...requests: (readonly ["traces" | "logs", Uint8Array])[]): Promise<Pipeline> {
  const pipeline = await Pipeline.open({ dataDir, log, gatherMs: 10 });
  pipeline.start(handle());
  for (const [signal, body] of requests) await pipeline.accept(signal, body);
  await pipeline.close();
  return pipeline;
}

function handle() {
  const address = store.address;
  assert.ok(address !== undefined && "socket" in address);
  return { socket: address.socket, location: dataDir };
}

function progress(): IngestProgress {
  return JSON.parse(readFileSync(progressPath, "utf8")) as IngestProgress;
}

test("what was accepted is stored by the time the pipeline is closed", async () => {
  await run(["traces", request(20)], ["logs", logs(3)]);
  assert.deepEqual(await counts(), {
    spans: 20,
    distinct_spans: 20,
    summed: 20,
    tokens: 190,
    calls: 20,
    logs: 3,
  });
});

test("an insert that happened but was not noted as done is not repeated, and its sums stay right", async () => {
  const before = progress();
  await run(["traces", request(30)], ["logs", logs(2)]);
  const done = progress();
  const expected = await counts();
  assert.equal(expected.spans, 50);
  const intent = {
    batchId: before.nextBatch,
    day: Math.floor(Date.now() / 86_400_000),
    from: before.stored,
    to: done.stored,
  };
  // As the process leaves it that dies between the answer of the store and the next line of its own.
  writeFileSync(progressPath, JSON.stringify({ stored: before.stored, intent, nextBatch: done.nextBatch }));
  await run();
  assert.deepEqual(await counts(), expected);
  assert.equal(progress().intent, undefined);
});

test("spans without their summaries, as a crash between the two leaves them, get their summaries", async () => {
  const before = progress();
  await run(["traces", request(10)]);
  const done = progress();
  const expected = await counts();
  await store.command("DELETE FROM traces WHERE span_count = 10", {
    settings: { lightweight_deletes_sync: 2 },
  });
  assert.equal((await counts()).summed, expected.summed! - 10);
  const intent = { batchId: before.nextBatch, day: 20_000, from: before.stored, to: done.stored };
  writeFileSync(progressPath, JSON.stringify({ stored: before.stored, intent, nextBatch: done.nextBatch }));
  await run();
  assert.deepEqual(await counts(), expected);
});

test("an insert that was noted but never happened is made", async () => {
  const before = progress();
  const expected = await counts();
  const pipeline = await Pipeline.open({ dataDir, log });
  await pipeline.accept("traces", request(7));
  // Never started, so nothing is stored: only the log has the spans.
  await pipeline.close();
  assert.equal((await counts()).spans, expected.spans);
  const to = { ...before.stored, offset: before.stored.offset };
  writeFileSync(
    progressPath,
    JSON.stringify({
      ...before,
      intent: { batchId: before.nextBatch, day: 20_000, from: before.stored, to },
    }),
  );
  await run();
  assert.equal((await counts()).spans, expected.spans! + 7);
  assert.equal((await counts()).summed, expected.summed! + 7);
});

test("a request that comes again is left out, also by the next process", async () => {
  const traces = request(5);
  const records = logs(4);
  await run(["traces", traces], ["logs", records], ["traces", traces], ["logs", records]);
  const expected = await counts();
  const pipeline = await run(["traces", traces], ["logs", records]);
  assert.deepEqual(await counts(), expected);
  assert.equal(pipeline.status.storedSpans, 0);
  assert.equal(pipeline.status.duplicates, 6);
});

test("requests that arrive while the engine is killed are stored once it is back", async () => {
  const expected = await counts();
  const pipeline = await Pipeline.open({ dataDir, log, gatherMs: 10 });
  pipeline.start(handle());
  for (let i = 0; i < 20; i++) {
    if (i === 5 || i === 12) process.kill(store.enginePid!, "SIGKILL");
    await pipeline.accept("traces", request(10));
    await pause(30);
  }
  await pipeline.close(60_000);
  const found = await counts();
  assert.equal(found.spans, expected.spans! + 200);
  assert.equal(found.distinct_spans, expected.distinct_spans! + 200);
  assert.equal(found.summed, expected.summed! + 200);
  assert.equal(found.calls, expected.calls! + 200);
});

test("what waits behind an insert that is given up does not count it as stored", async () => {
  const expected = await counts();
  const { stored } = progress();
  const pipeline = await Pipeline.open({ dataDir, log, gatherMs: 10 });
  pipeline.start(handle());
  const { enginePid } = store;
  process.kill(enginePid!, "SIGSTOP");
  await pipeline.accept("traces", request(10));
  while (progress().intent === undefined) await pause(10);
  await pipeline.accept("traces", request(10));
  const closed = pipeline.close(100);
  // By then it is told to give up, which it does when the insert fails.
  await pause(300);
  process.kill(enginePid!, "SIGKILL");
  await closed;
  assert.deepEqual(progress().stored, stored);
  await run();
  const found = await counts();
  assert.equal(found.spans, expected.spans! + 20);
  assert.equal(found.distinct_spans, expected.distinct_spans! + 20);
  assert.equal(found.summed, expected.summed! + 20);
});
