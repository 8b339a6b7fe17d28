import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExportFormat } from "@clew/protocol/api/requests";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type {
  AnyValue,
  KeyValue,
  LogsData,
  MetricsData,
  OtlpData,
  Span,
  TracesData,
} from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import { Batch, resourceRules } from "../ingest/encode/batch.ts";
import { KeyTable } from "../ingest/encode/key-table.ts";
import { IngestMemory } from "../ingest/encode/memory.ts";
import { Origins } from "../ingest/encode/origins.ts";
import { TextCache } from "../ingest/encode/text-cache.ts";
import { inspect } from "../ingest/inspect.ts";
import { createUnderstand } from "../ingest/understand/understand.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { exportDocument } from "./export-document.ts";
import { exportLogs } from "./export-logs.ts";
import { exportMetrics } from "./export-metrics.ts";
import { exportTraces } from "./export-traces.ts";
import { spanDetail } from "./span-detail.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const TRACE = "0102030405060708090a0b0c0d0e0f10";
const OTHER = "1112131415161718191a1b1c1d1e1f20";
const START = "1790000000000000001";

let opened: TestStore;
let batches = 0n;

async function ingest<S extends Signal>(signal: S, data: OtlpData[S]): Promise<void> {
  const keys = new KeyTable();
  const batch = new Batch({
    attributes: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, resourceRules),
    scopes: new Origins("scope", keys, () => []),
    understand: createUnderstand({}),
    memory: new IngestMemory(),
  });
  const body = Buffer.from(encodeOtlp(signal, data));
  assert.equal(inspect(signal, body).rejected, 0);
  batches += 1n;
  batch.begin(20_700);
  batch.add(signal, body);
  for (const block of batch.blocks(batches)) {
    await opened.store.insert({ ...block, deduplicationToken: `${block.table}-${batches}` });
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function documentOf<S extends Signal>(
  signal: S,
  format: ExportFormat,
  pieces: AsyncIterable<OtlpData[S]>,
) {
  return Buffer.concat(await collect(exportDocument(signal, format, pieces)));
}

const VALUES: AnyValue[] = [
  { stringValue: "" },
  { stringValue: 'with " quotes, \\ slashes, \u0000 and 😀' },
  { stringValue: "long ".repeat(1000) },
  { intValue: "9223372036854775807" },
  { intValue: "-1" },
  { doubleValue: 1 },
  { doubleValue: 0.1 },
  { doubleValue: 1e300 },
  { doubleValue: "NaN" },
  { doubleValue: "-Infinity" },
  { boolValue: true },
  { boolValue: false },
  { bytesValue: "AP8Q" },
  { arrayValue: {} },
  { arrayValue: { values: [{ intValue: "1" }, { doubleValue: 1 }, { stringValue: "1" }] } },
  { arrayValue: { values: [{ bytesValue: "AQ==" }, {}, { doubleValue: "Infinity" }] } },
  { kvlistValue: {} },
  {
    kvlistValue: {
      values: [
        {
          key: "b",
          value: { arrayValue: { values: [{ kvlistValue: { values: [{ value: { boolValue: true } }] } }] } },
        },
        { key: "a", value: { intValue: "9007199254740993" } },
        { key: "b", value: { stringValue: "again" } },
      ],
    },
  },
  {},
];

const ATTRIBUTES: KeyValue[] = [
  ...VALUES.map((value, index) => ({ key: `key ${index}`, value })),
  {
    key: "gen_ai.input.messages",
    value: { stringValue: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' },
  },
  { key: "twice", value: { stringValue: "1" } },
  { key: "twice", value: { intValue: "2" } },
];

function span(spanId: string, rest: Partial<Span> = {}): Span {
  return {
    traceId: TRACE,
    spanId,
    startTimeUnixNano: START,
    endTimeUnixNano: "1790000000000000999",
    ...rest,
  };
}

const FULL = span("00000000000000a1", {
  traceState: "vendor=1,other=2",
  parentSpanId: "00000000000000a0",
  flags: 0x301,
  name: "chat gpt-5",
  kind: 3,
  attributes: ATTRIBUTES,
  droppedAttributesCount: 1,
  events: [
    { timeUnixNano: "1790000000000000005", name: "one", attributes: ATTRIBUTES, droppedAttributesCount: 2 },
    { name: "without a time" },
  ],
  droppedEventsCount: 3,
  links: [
    {
      traceId: OTHER,
      spanId: "00000000000000b1",
      traceState: "a=b",
      attributes: ATTRIBUTES,
      droppedAttributesCount: 4,
      flags: 0x100,
    },
  ],
  droppedLinksCount: 5,
  status: { message: "it failed", code: 2 },
});

const TRACES: TracesData = {
  resourceSpans: [
    {
      resource: {
        attributes: [{ key: "service.name", value: { stringValue: "planner" } }, ...ATTRIBUTES],
        droppedAttributesCount: 6,
        entityRefs: [
          { schemaUrl: "https://e", type: "host", idKeys: ["host.id"], descriptionKeys: ["host.name"] },
        ],
      },
      schemaUrl: "https://opentelemetry.io/schemas/1.40.0",
      scopeSpans: [
        {
          scope: { name: "agent", version: "1.2.3", attributes: ATTRIBUTES, droppedAttributesCount: 7 },
          schemaUrl: "https://opentelemetry.io/schemas/1.39.0",
          spans: [FULL, span("00000000000000a3")],
        },
        { spans: [span("00000000000000a4", { name: "without a scope" })] },
      ],
    },
    {
      scopeSpans: [
        {
          scope: { name: "no resource" },
          spans: [span("00000000000000a5", { endTimeUnixNano: "1790000000000000000" })],
        },
      ],
    },
  ],
};

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

test("an exported trace equals what was sent, in every format", async () => {
  await ingest("traces", TRACES);
  const pieces = () => exportTraces(opened.store, { traces: [TRACE] });
  const [piece] = await collect(pieces());
  assert.deepEqual(piece, TRACES);
  assert.deepEqual(JSON.parse((await documentOf("traces", "json", pieces())).toString()), TRACES);
  assert.deepEqual(JSON.parse((await documentOf("traces", "jsonl", pieces())).toString()), TRACES);
  assert.deepEqual(decodeOtlp("traces", await documentOf("traces", "protobuf", pieces())), TRACES);
});

test("a span's detail has its attributes typed and its messages read", async () => {
  const { spans } = await spanDetail(opened.store, TRACE, "00000000000000A1");
  assert.equal(spans.length, 1);
  const [detail] = spans;
  assert.deepEqual(detail?.attributes, ATTRIBUTES);
  assert.deepEqual(detail?.events, FULL.events);
  assert.deepEqual(detail?.links, FULL.links);
  assert.equal(detail?.endNanos, "1790000000000000999");
  assert.equal(detail?.durMs, 0.000998);
  assert.equal(detail?.status, "error");
  assert.equal(detail?.resource.droppedAttributesCount, 6);
  assert.equal(detail?.scope.version, "1.2.3");
  assert.deepEqual(detail?.messages.input, [{ role: "user", parts: [{ type: "text", text: "hi" }] }]);
});

test("traces can be chosen by time, and come a quarter of an hour after another", async () => {
  const early = span("00000000000000c1", {
    traceId: OTHER,
    startTimeUnixNano: "1789990000000000000",
    endTimeUnixNano: "1789990000000000000",
  });
  await ingest("traces", { resourceSpans: [{ scopeSpans: [{ spans: [early] }] }] });
  const spansOf = async (selection: Parameters<typeof exportTraces>[1]) =>
    (await collect(exportTraces(opened.store, selection))).flatMap((piece) =>
      (piece.resourceSpans ?? []).flatMap((group) =>
        (group.scopeSpans ?? []).flatMap(({ spans }) => spans ?? []),
      ),
    );
  assert.equal((await spansOf({})).length, 5);
  assert.deepEqual(await spansOf({ toNs: BigInt(START) }), [early]);
  assert.equal((await spansOf({ fromNs: BigInt(START) })).length, 4);
  assert.equal((await spansOf({ traces: [TRACE, OTHER, TRACE.slice(0, 8)] })).length, 5);
  assert.equal((await spansOf({ fromNs: BigInt(START) + 1n })).length, 0);
});

test("an export of nothing is an empty document", async () => {
  const nothing = () => exportTraces(opened.store, { toNs: 1n });
  assert.deepEqual(JSON.parse((await documentOf("traces", "json", nothing())).toString()), {
    resourceSpans: [],
  });
  assert.equal((await documentOf("traces", "jsonl", nothing())).length, 0);
  assert.equal((await documentOf("traces", "protobuf", nothing())).length, 0);
});

test("exported log records equal what was sent", async () => {
  const logs: LogsData = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] },
        scopeLogs: [
          {
            scope: { name: "logger" },
            logRecords: [
              {
                timeUnixNano: START,
                observedTimeUnixNano: "1790000000000000002",
                severityNumber: 17,
                severityText: "ERROR",
                body: { kvlistValue: { values: [{ key: "a", value: { doubleValue: 1 } }] } },
                attributes: ATTRIBUTES,
                droppedAttributesCount: 1,
                flags: 1,
                traceId: TRACE,
                spanId: "00000000000000a1",
                eventName: "gen_ai.choice",
              },
              { timeUnixNano: "1790000000000000003", body: { stringValue: "" }, traceId: TRACE },
              { timeUnixNano: "1790000000000000004", traceId: TRACE },
            ],
          },
        ],
      },
    ],
  };
  await ingest("logs", logs);
  assert.deepEqual(await collect(exportLogs(opened.store, { traces: [TRACE] })), [logs]);
  const pieces = exportLogs(opened.store, { fromNs: 1_790_000_000_000_000_004n });
  assert.deepEqual((await collect(pieces))[0]?.resourceLogs?.[0]?.scopeLogs?.[0]?.logRecords, [
    { timeUnixNano: "1790000000000000004", traceId: TRACE },
  ]);
  const { spans } = await spanDetail(opened.store, TRACE, "00000000000000a1");
  assert.equal(spans[0]?.logs[0]?.eventName, "gen_ai.choice");
  assert.equal(spans[0]?.logs[0]?.service, "planner");
});

test("exported metrics equal what was sent", async () => {
  const point = {
    attributes: ATTRIBUTES,
    startTimeUnixNano: START,
    timeUnixNano: "1790000000000000002",
    flags: 1,
  };
  const exemplars = [
    {
      filteredAttributes: ATTRIBUTES,
      timeUnixNano: START,
      asInt: "7",
      spanId: "00000000000000a1",
      traceId: TRACE,
    },
    { timeUnixNano: START, asDouble: "NaN" as const },
  ];
  const metrics: MetricsData = {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] },
        schemaUrl: "https://r",
        scopeMetrics: [
          {
            scope: { name: "meter" },
            schemaUrl: "https://s",
            metrics: [
              {
                name: "a",
                unit: "1",
                description: "a gauge",
                metadata: ATTRIBUTES,
                gauge: {
                  dataPoints: [
                    { ...point, asInt: "-9223372036854775808", exemplars },
                    { timeUnixNano: START, asDouble: "Infinity" },
                    { timeUnixNano: START },
                  ],
                },
              },
              {
                name: "b",
                sum: {
                  dataPoints: [{ ...point, asDouble: 0.1 }],
                  aggregationTemporality: 2,
                  isMonotonic: true,
                },
              },
              {
                name: "c",
                histogram: {
                  aggregationTemporality: 1,
                  dataPoints: [
                    {
                      ...point,
                      count: "18446744073709551615",
                      sum: 0,
                      bucketCounts: ["1", "18446744073709551615"],
                      explicitBounds: [0.5],
                      exemplars,
                      min: -1.5,
                      max: "Infinity",
                    },
                    { timeUnixNano: START, count: "1" },
                  ],
                },
              },
              {
                name: "d",
                exponentialHistogram: {
                  aggregationTemporality: 2,
                  dataPoints: [
                    {
                      ...point,
                      count: "3",
                      sum: 1.25,
                      scale: -3,
                      zeroCount: "1",
                      positive: { offset: -2, bucketCounts: ["1", "0", "2"] },
                      negative: { bucketCounts: ["4"] },
                      zeroThreshold: 0.001,
                      max: 5,
                    },
                  ],
                },
              },
              {
                name: "e",
                summary: {
                  dataPoints: [
                    {
                      ...point,
                      count: "2",
                      sum: 3.5,
                      quantileValues: [
                        { quantile: 0.5, value: 1 },
                        { quantile: 1, value: "NaN" },
                      ],
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  };
  await ingest("metrics", metrics);
  assert.deepEqual(inOrder(await collect(exportMetrics(opened.store, {}))), inOrder([metrics]));
  assert.deepEqual(await collect(exportMetrics(opened.store, { toNs: 1n })), []);
});

/** The points of one metric have no order of their own. */
function inOrder(pieces: readonly MetricsData[]): unknown {
  return JSON.parse(JSON.stringify(pieces), (key, value) =>
    key === "dataPoints" ? value.sort((a: object, b: object) => (pointKey(a) < pointKey(b) ? -1 : 1)) : value,
  );
}

function pointKey(point: object): string {
  return JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));
}
