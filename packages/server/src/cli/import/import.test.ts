import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { LogsData, MetricsData, TracesData } from "@clew/protocol/otlp/model";
import { batches } from "./batches.ts";
import { type Document, UnknownFormat } from "./documents.ts";
import { importLines } from "./import-lines.ts";
import { readDocuments } from "./read-file.ts";
import { Tally } from "./tally.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

function traces(count: number, name = "step"): TracesData {
  const spans = Array.from({ length: count }, (_, at) => ({
    traceId: TRACE_ID,
    spanId: (at + 1).toString(16).padStart(16, "0"),
    name,
    startTimeUnixNano: "1700000000000000000",
    endTimeUnixNano: "1700000000000000001",
  }));
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "s" }, spans }] }] };
}

const LOGS: LogsData = {
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: "1", body: { stringValue: "hello" } }] }] }],
};
const METRICS: MetricsData = {
  resourceMetrics: [
    { scopeMetrics: [{ metrics: [{ name: "m", gauge: { dataPoints: [{ asInt: "1" }] } }] }] },
  ],
};
const ZIPKIN = [
  { traceId: TRACE_ID, id: "00f067aa0ba902b7", name: "get", timestamp: 1_700_000_000_000_000, duration: 5 },
];
const JAEGER = {
  data: [
    {
      traceID: TRACE_ID,
      spans: [
        {
          traceID: TRACE_ID,
          spanID: "00f067aa0ba902b7",
          operationName: "get",
          startTime: 1_700_000_000_000_000,
          duration: 5,
          processID: "p1",
        },
      ],
      processes: { p1: { serviceName: "shop" } },
    },
  ],
};

/** The documents of a file that comes in pieces of the given size. */
async function read(file: string | Uint8Array, pieceSize = 1 << 16): Promise<Document[]> {
  const bytes = Buffer.from(file);
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  };
  const found: Document[] = [];
  for await (const document of readDocuments(Readable.from(pieces(), { objectMode: false })))
    found.push(document);
  return found;
}

const formats = async (file: string | Uint8Array): Promise<string[]> =>
  (await read(file)).map(({ format }) => format);

test("the format of a file is recognised from what is in it", async () => {
  assert.deepEqual(await formats(JSON.stringify(traces(1))), ["OTLP/JSON"]);
  assert.deepEqual(await formats(JSON.stringify(LOGS, null, 2)), ["OTLP/JSON"]);
  assert.deepEqual(await formats(JSON.stringify(ZIPKIN)), ["Zipkin"]);
  assert.deepEqual(await formats(JSON.stringify([ZIPKIN])), ["Zipkin"]);
  assert.deepEqual(await formats(JSON.stringify(JAEGER)), ["Jaeger"]);
  assert.deepEqual(await formats(JSON.stringify(JAEGER.data)), ["Jaeger"]);
  assert.deepEqual(await formats(encodeOtlp("traces", traces(1))), ["OTLP/protobuf"]);
});

test("a protobuf message is taken for the signal whose records it holds", async () => {
  for (const [signal, data] of [
    ["traces", traces(2)],
    ["logs", LOGS],
    ["metrics", METRICS],
  ] as const) {
    const [document] = await read(encodeOtlp(signal, data));
    assert.deepEqual(document?.parts, [{ signal, data: decodeOtlp(signal, encodeOtlp(signal, data)) }]);
  }
});

test("JSON lines are read one by one, with blank lines and a last one without an end", async () => {
  const lines = `${JSON.stringify(traces(1))}\n\n${JSON.stringify(LOGS)}\r\n${JSON.stringify(METRICS)}`;
  const found = await read(lines, 7);
  assert.deepEqual(
    found.flatMap(({ parts }) => parts.map(({ signal }) => signal)),
    ["traces", "logs", "metrics"],
  );
});

test("a document may span lines and begin with white space or a byte order mark", async () => {
  for (const start of ["", "\n \t", "\ufeff"]) {
    const [document] = await read(start + JSON.stringify(traces(3), null, 2), 11);
    assert.deepEqual(document?.parts, [{ signal: "traces", data: traces(3) }]);
  }
});

test("a file packed with gzip is unpacked", async () => {
  assert.deepEqual(await formats(gzipSync(JSON.stringify(ZIPKIN))), ["Zipkin"]);
  assert.deepEqual(await formats(gzipSync(encodeOtlp("logs", LOGS))), ["OTLP/protobuf"]);
});

test("a file that is nothing of this is refused, a line of it with its number", async () => {
  await assert.rejects(read('{"hello": 1}'), UnknownFormat);
  await assert.rejects(read("hello"), UnknownFormat);
  await assert.rejects(read('{"resourceSpans": ['), /JSON/);
  await assert.rejects(read(`${JSON.stringify(traces(1))}\n{"resourceSpans": [`), /line 2/);
  assert.deepEqual(await read(""), []);
  assert.deepEqual((await read("[]"))[0]?.parts, []);
});

test("spans that a converter cannot understand are told, the others are kept", async () => {
  const [document] = await read(JSON.stringify([...ZIPKIN, { traceId: "zz", id: "1" }]));
  assert.equal(document?.rejected.length, 1);
  assert.equal(document?.parts.length, 1);
});

test("batches hold at most as many records as allowed and put together are what was given", () => {
  const data = traces(2500);
  const found = [...batches("traces", data, { records: 1000, bytes: 1 << 30 })];
  assert.deepEqual(
    found.map(({ records }) => records),
    [1000, 1000, 500],
  );
  const spans = found.flatMap(
    ({ body }) => decodeOtlp("traces", body).resourceSpans?.[0]?.scopeSpans?.[0]?.spans ?? [],
  );
  assert.deepEqual(spans, data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans);
});

test("batches hold at most as many bytes as allowed, but for a record that alone is larger", () => {
  const data = traces(8, "x".repeat(1000));
  const found = [...batches("traces", data, { records: 1000, bytes: 2500 })];
  assert.ok(found.every(({ body }) => body.length <= 2500));
  assert.equal(
    found.reduce((sum, { records }) => sum + records, 0),
    8,
  );
  assert.equal([...batches("traces", traces(1, "x".repeat(9000)), { records: 10, bytes: 100 })].length, 1);
});

test("a batch keeps resources and scopes apart", () => {
  const one = traces(1).resourceSpans![0]!;
  const other = { ...traces(1).resourceSpans![0]!, schemaUrl: "https://example.com/other" };
  const data = { resourceSpans: [one, other] };
  const [batch, ...more] = batches("traces", data, { records: 10, bytes: 1 << 20 });
  assert.equal(more.length, 0);
  assert.deepEqual(decodeOtlp("traces", batch!.body), decodeOtlp("traces", encodeOtlp("traces", data)));
});

test("what was rejected is told by reason, most frequent first, and makes the import incomplete", () => {
  const tally = new Tally();
  tally.begin("a.json");
  tally.found("Zipkin", ["id: missing"]);
  tally.sent("traces", { accepted: 1200, rejected: 3, reason: "the trace id is all zeros" });
  assert.equal(tally.isComplete, false);
  const screen = { width: 80, color: false, unicode: true, isTerminal: false };
  assert.deepEqual(importLines(tally.result, screen), [
    "Imported 1,200 spans from 1 file (Zipkin)",
    "Rejected 4:",
    "       3 x the trace id is all zeros",
    "       1 x id: missing",
  ]);
});

test("a file that cannot be read is named with its fault", () => {
  const tally = new Tally();
  tally.begin("a.json");
  tally.unreadable("not JSON");
  const screen = { width: 80, color: false, unicode: true, isTerminal: false };
  assert.deepEqual(importLines(tally.result, screen), [
    "Imported 0 spans from 1 file",
    "Cannot be read: a.json: not JSON",
  ]);
});
