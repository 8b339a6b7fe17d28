import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { ingest } from "../../query/testing/ingest.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { type WatchedStore, watched } from "../../query/testing/watched-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { refusal, type Served, serveApi } from "../testing/serve-api.ts";

const T0_MS = 1_789_999_200_000;
const FROM = T0_MS;
const TO = T0_MS + 600_000;

let opened: TestStore;
let served: Served;
let asked: WatchedStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await ingest(opened.store, "metrics", {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
        scopeMetrics: [
          {
            metrics: [
              {
                name: "queue.length",
                unit: "1",
                gauge: { dataPoints: [{ timeUnixNano: `${T0_MS + 60_000}000000`, asInt: "7" }] },
              },
            ],
          },
        ],
      },
    ],
  });
  asked = watched(opened.store);
  served = await serveApi({ queries: new Queries(asked.store), live: new LiveTraces(asked.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("what was sent of a metric is found by name and told over time", async () => {
  const { items } = await served.client.metricNames({ from: FROM, to: TO });
  assert.deepEqual(
    items.map(({ name, kind }) => [name, kind]),
    [["queue.length", "gauge"]],
  );
  const answer = await served.client.storedMetric({
    name: "queue.length",
    by: "service",
    from: FROM,
    to: TO,
  });
  assert.equal(answer.shows, "value");
  assert.equal(answer.metric?.unit, "1");
  const [line] = answer.series;
  assert.deepEqual(line?.labels, [{ key: "service", value: { stringValue: "shop" } }]);
  assert.equal(line?.values[answer.timesMs.indexOf(T0_MS + 60_000)], 7);
});

test("what cannot be asked is refused by the parameter at fault", async () => {
  const ask = (query: string): Promise<unknown> =>
    served.client.storedMetric({ name: "x", ...JSON.parse(query) });
  for (const [query, message] of [
    ['{"by":"route"}', /^by is "route", which is not allowed; it must be service or attr\.NAME/],
    ['{"kind":"counter"}', /^kind is "counter"/],
    ['{"from":"5","to":"5"}', /^from is not before to/],
    ['{"name":""}', /^name is ""/],
  ] as const) {
    assert.match((await refusal(ask(query))).message, message);
  }
  assert.match(
    (await refusal(served.client.metricNames({ from: "now", to: 5 }))).message,
    /^from is not before to/,
  );
});

test("hostile names are bound as values and find nothing", async () => {
  asked.statements.length = 0;
  const MARK = "zqxj";
  for (const text of [
    `${MARK}' OR '1'='1`,
    `${MARK}*/ OR true /*:rows*/`,
    `${MARK}\\`,
    `${MARK}{most:UInt32}`,
  ]) {
    assert.deepEqual((await served.client.metricNames({ text, from: FROM, to: TO })).items, []);
    assert.deepEqual((await served.client.storedMetric({ name: text, from: FROM, to: TO })).series, []);
    const labelled = await served.client.storedMetric({
      name: "queue.length",
      by: `attr.${text}`,
      from: FROM,
      to: TO,
    });
    assert.deepEqual(
      labelled.series.map(({ labels }) => labels),
      [[{ key: text }]],
    );
  }
  for (const sql of asked.statements) assert.ok(!sql.includes(MARK), sql);
  assert.deepEqual(served.logged, []);
});
