import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { LogsData } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { exportLogs } from "./export-logs.ts";
import { spanDetail } from "./span-detail.ts";
import { collect } from "./testing/collect.ts";
import { ATTRIBUTES } from "./testing/every-attribute.ts";
import { ingest } from "./testing/ingest.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const TRACE = "0102030405060708090a0b0c0d0e0f10";
const START = "1790000000000000001";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

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
  const span = {
    traceId: TRACE,
    spanId: "00000000000000a1",
    startTimeUnixNano: START,
    endTimeUnixNano: START,
  };
  await ingest(opened.store, "traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  await ingest(opened.store, "logs", logs);
  assert.deepEqual(await collect(exportLogs(opened.store, { traces: [TRACE] })), [logs]);
  const pieces = exportLogs(opened.store, { fromNs: 1_790_000_000_000_000_004n });
  assert.deepEqual((await collect(pieces))[0]?.resourceLogs?.[0]?.scopeLogs?.[0]?.logRecords, [
    { timeUnixNano: "1790000000000000004", traceId: TRACE },
  ]);
  const { spans } = await spanDetail(opened.store, TRACE, "00000000000000a1");
  assert.equal(spans[0]?.logs[0]?.eventName, "gen_ai.choice");
  assert.equal(spans[0]?.logs[0]?.service, "planner");
});
