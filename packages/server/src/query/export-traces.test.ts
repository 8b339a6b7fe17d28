import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExportFormat } from "@clew/protocol/api/requests";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import type { Span, TracesData } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { exportDocument } from "./export-document.ts";
import { exportTraces } from "./export-traces.ts";
import { spanDetail } from "./span-detail.ts";
import { collect } from "./testing/collect.ts";
import { ATTRIBUTES } from "./testing/every-attribute.ts";
import { ingest } from "./testing/ingest.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const TRACE = "0102030405060708090a0b0c0d0e0f10";
const OTHER = "1112131415161718191a1b1c1d1e1f20";
const START = "1790000000000000001";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

async function documentOf(format: ExportFormat, pieces: AsyncIterable<TracesData>): Promise<Buffer> {
  return Buffer.concat(await collect(exportDocument("traces", format, pieces)));
}

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

test("an exported trace equals what was sent, in every format", async () => {
  await ingest(opened.store, "traces", TRACES);
  const pieces = () => exportTraces(opened.store, { traces: [TRACE] });
  const [piece] = await collect(pieces());
  assert.deepEqual(piece, TRACES);
  assert.deepEqual(JSON.parse((await documentOf("json", pieces())).toString()), TRACES);
  assert.deepEqual(JSON.parse((await documentOf("jsonl", pieces())).toString()), TRACES);
  assert.deepEqual(decodeOtlp("traces", await documentOf("protobuf", pieces())), TRACES);
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
  await ingest(opened.store, "traces", { resourceSpans: [{ scopeSpans: [{ spans: [early] }] }] });
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
  assert.deepEqual(JSON.parse((await documentOf("json", nothing())).toString()), {
    resourceSpans: [],
  });
  assert.equal((await documentOf("jsonl", nothing())).length, 0);
  assert.equal((await documentOf("protobuf", nothing())).length, 0);
});
