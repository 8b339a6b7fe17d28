import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { serviceLinks } from "./service-links.ts";

const START = 1_790_000_000_000_000_000n;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(async () => {
  await opened?.close();
});

test("calls of one span to several services and several calls to one all count, sent twice or not", async () => {
  const span = { trace_id: traceIdOf("t"), start_ns: START, duration_ns: 1n };
  const root = { ...span, span_id: spanIdOf("root"), service_name: "front" };
  const children = ["search", "search", "orders", "stock"].map((service_name, at) => ({
    ...span,
    span_id: spanIdOf(`child ${at}`),
    parent_span_id: spanIdOf("root"),
    service_name,
    status_code: service_name === "orders" ? 2 : 0,
  }));
  await insertSpans(opened.store, [root, root, ...children, children[0]!]);
  const links = await serviceLinks(opened.store, { stretch: { fromNs: START, toNs: START + 1000n } });
  assert.deepEqual(
    links.map(({ parent, child, callCount, errorCount }) => [parent, child, callCount, errorCount]),
    [
      ["front", "orders", 1, 1],
      ["front", "search", 2, 0],
      ["front", "stock", 1, 0],
    ],
  );
});
