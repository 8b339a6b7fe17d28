import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { Store } from "../../store/store.ts";
import { QueryTimeout, QueryTooLarge } from "../../store/store-errors.ts";
import { SpanNotFound } from "../span-detail.ts";
import { ingest } from "../testing/ingest.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { InvalidQuery } from "../traceql/invalid-query.ts";
import { type LogPageRequest, listLogs } from "./list-logs.ts";
import { decodeLogCursor, type LogCursor } from "./log-cursor.ts";
import { wordsOf } from "./log-words.ts";
import { logAt, logsDataOf, type PlainLog } from "./testing/plain-log.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_040n * SECOND;
const LONG = `${"long ".repeat(1000)}end`;

let opened: TestStore;

function send(logs: readonly PlainLog[], store: Store = opened.store): Promise<void> {
  return ingest(store, "logs", logsDataOf(logs));
}

function said(text: string, atS: number, rest: Partial<PlainLog> = {}): PlainLog {
  return logAt(T0 + BigInt(atS) * SECOND, { body: { stringValue: text }, ...rest });
}

async function bodies(request: Partial<LogPageRequest>): Promise<string[]> {
  const { items } = await listLogs(opened.store, { limit: 100, ...request });
  return items.map(({ body }) => body.slice(0, 40));
}

const INSTANCE = { "service.name": "planner", "service.instance.id": "p-1" };
const ALPHA = traceIdOf("alpha");
const BETA = traceIdOf("beta");
const STEP = spanIdOf("step");

before(async () => {
  opened = await openTestStore(openEmbedded);
  assert.deepEqual(await listLogs(opened.store, { limit: 10 }), { items: [] });
  await ingest(opened.store, "traces", {
    resourceSpans: [
      {
        resource: {
          attributes: Object.entries(INSTANCE).map(([key, value]) => ({
            key,
            value: { stringValue: value },
          })),
        },
        scopeSpans: [
          {
            spans: [
              {
                traceId: ALPHA,
                spanId: STEP,
                name: "step",
                startTimeUnixNano: String(T0 + 100n * SECOND),
                endTimeUnixNano: String(T0 + 110n * SECOND),
                attributes: [{ key: "session.id", value: { stringValue: "s-77" } }],
              },
            ],
          },
        ],
      },
    ],
  });
  await insertSpans(opened.store, [
    { trace_id: BETA, span_id: spanIdOf("beta"), start_ns: T0, links: [{ traceId: ALPHA, spanId: STEP }] },
  ]);
  await send([
    said("of the span", 105, { traceId: ALPHA, spanId: STEP, resource: INSTANCE }),
    said("of the trace", 106, { traceId: ALPHA, resource: { "service.name": "tools" } }),
    said("of the instance", 107, { resource: INSTANCE }),
    said("of another instance", 107, { resource: { ...INSTANCE, "service.instance.id": "p-2" } }),
    said("of the span, much later", 130, { traceId: ALPHA, spanId: STEP, resource: INSTANCE }),
    said("linked", 200, { traceId: BETA, severityNumber: 17 }),
    said("carries its own", 201, { attributes: { "session.id": "s-78", "task.id": "t-1" } }),
    said("Connection REFUSED by db", 300, { eventName: "net.error" }),
    said("plain", 301, { attributes: { reason: "refused", note: LONG } }),
    said(LONG, 302),
    logAt(0n, { observed: T0 + 303n * SECOND, body: { stringValue: "nobody said when" } }),
  ]);
});

after(() => opened?.close());

test("records come newest first, those without a time by when they were observed", async () => {
  assert.deepEqual((await bodies({})).slice(0, 5), [
    "nobody said when",
    LONG.slice(0, 40),
    "plain",
    "Connection REFUSED by db",
    "carries its own",
  ]);
  const [untimed] = (await listLogs(opened.store, { limit: 1 })).items;
  assert.equal(untimed?.timeNanos, String(T0 + 303n * SECOND));
});

test("a time range takes its start and not its end", async () => {
  assert.deepEqual(await bodies({ fromNs: T0 + 200n * SECOND, toNs: T0 + 300n * SECOND }), [
    "carries its own",
    "linked",
  ]);
  assert.deepEqual(await bodies({ fromNs: T0 + 303n * SECOND }), ["nobody said when"]);
});

test("words are found in bodies, event names and values of attributes, in any case of letters", async () => {
  const found = (text: string) => bodies({ words: wordsOf(text) });
  assert.deepEqual(await found("refused"), ["plain", "Connection REFUSED by db"]);
  assert.deepEqual(await found("refused  DB net.err"), ["Connection REFUSED by db"]);
  assert.deepEqual(await found("end"), [LONG.slice(0, 40), "plain"]);
  assert.deepEqual(await found("refused nowhere"), []);
  assert.deepEqual(await found("%"), []);
});

test("a trace, a span and a service narrow the list", async () => {
  assert.deepEqual(await bodies({ trace: ALPHA }), [
    "of the span, much later",
    "of the trace",
    "of the span",
  ]);
  assert.deepEqual(await bodies({ trace: ALPHA.slice(0, 8), span: STEP }), [
    "of the span, much later",
    "of the span",
  ]);
  assert.deepEqual(await bodies({ services: ["tools"] }), ["of the trace"]);
  assert.deepEqual(await bodies({ trace: "f".repeat(32) }), []);
});

test("each service is found among others of the same moment", async () => {
  const names = Array.from({ length: 9 }, (_, at) => `service-${at}`);
  await send(names.map((name) => said(name, -2000, { resource: { "service.name": name } })));
  for (const name of names) {
    assert.deepEqual(await bodies({ services: [name] }), [name]);
    assert.deepEqual(
      await bodies({ query: `{ resource.service.name = "${name}" }`, fromNs: T0 - 3000n * SECOND }),
      [name],
    );
  }
});

test("an id finds the records that carry it and those of its traces, linked ones included", async () => {
  assert.deepEqual(await bodies({ ids: { session: ["s-77"] } }), [
    "linked",
    "of the span, much later",
    "of the trace",
    "of the span",
  ]);
  assert.deepEqual(await bodies({ ids: { session: ["s-78"], task: ["t-1"] } }), ["carries its own"]);
  assert.deepEqual(await bodies({ ids: { session: ["nobody's"] } }), []);
});

test("a record shows the ids that it carries, else those of its trace", async () => {
  const { items } = await listLogs(opened.store, { limit: 100 });
  const sessions = new Map(items.map(({ body, session }) => [body, session]));
  assert.deepEqual(sessions.get("carries its own"), { id: "s-78", inherited: false });
  assert.deepEqual(sessions.get("of the trace"), { id: "s-77", inherited: true });
  assert.deepEqual(sessions.get("linked"), { id: "s-77", inherited: true });
  assert.equal(sessions.get("plain"), undefined);
});

test("around a span are its records, those of its trace and those of its instance", async () => {
  const around = { trace: ALPHA, span: STEP, beforeNs: 5n * SECOND, afterNs: 5n * SECOND };
  const page = await listLogs(opened.store, { limit: 10, around });
  assert.deepEqual(
    page.items.map(({ body, relation }) => [body, relation]),
    [
      ["of the instance", "instance"],
      ["of the trace", "trace"],
      ["of the span", "span"],
    ],
  );
  assert.deepEqual(page.around?.instance, [["service.instance.id", "p-1"]]);
  const wider = await listLogs(opened.store, { limit: 10, around: { ...around, afterNs: 60n * SECOND } });
  assert.equal(wider.items[0]?.body, "of the span, much later");
  const narrowed = { around, query: '{ resource.service.name = "tools" }' };
  assert.deepEqual(await bodies(narrowed), ["of the trace"]);
  await assert.rejects(
    listLogs(opened.store, { limit: 1, around: { ...around, span: "f".repeat(16) } }),
    SpanNotFound,
  );
});

test("long texts are cut in a list, and one record is whole", async () => {
  const { items } = await listLogs(opened.store, { limit: 3 });
  const [, long, plain] = items;
  assert.equal(long?.body, LONG.slice(0, 2000));
  assert.deepEqual(long?.cut, { body: true, attributes: [] });
  assert.deepEqual(plain?.cut, { body: false, attributes: ["note"] });
  assert.equal(plain?.attributes.find(({ key }) => key === "note")?.value?.stringValue, LONG.slice(0, 2000));
  const whole = await listLogs(opened.store, { limit: 1, only: decodeLogCursor(long!.id) });
  assert.deepEqual(
    whole.items.map(({ body, cut }) => [body, cut]),
    [[LONG, undefined]],
  );
  const [service] = whole.items[0]?.whole?.resource.attributes ?? [];
  assert.deepEqual([service?.key, service?.value?.stringValue], ["service.name", whole.items[0]?.service]);
  assert.equal(long?.whole, undefined);
  assert.equal(whole.next, undefined);
  const { atNs, record } = decodeLogCursor(long!.id);
  assert.deepEqual(
    (await listLogs(opened.store, { limit: 1, only: { atNs, record: record + 1n } })).items,
    [],
  );
});

test("pages have every record once although others arrive and equal ones are sent again", async () => {
  const other = await openTestStore(openEmbedded);
  try {
    // Ten records of each moment.
    const sent = Array.from({ length: 300 }, (_, at) =>
      said(`record ${at}`, Math.floor(at / 10) * 40, { attributes: { at: BigInt(at) } }),
    );
    await send(sent, other.store);
    const found: string[] = [];
    let next: LogCursor | undefined;
    let late = 0;
    do {
      const page = await listLogs(other.store, { limit: 7, ...(next && { after: next }) });
      assert.equal(page.partial, undefined);
      found.push(...page.items.map(({ body }) => body));
      next = page.next;
      late += 1;
      // Newer than all, which no later page shows, and what was stored already.
      if (late % 5 === 0)
        await send([said(`new ${late}`, 100_000 + late), ...sent.slice(late, late + 60)], other.store);
    } while (next !== undefined);
    assert.equal(found.length, 300);
    assert.deepEqual(new Set(found), new Set(sent.map(({ body }) => body!.stringValue)));
    const first = await listLogs(other.store, { limit: 1 });
    assert.match(first.items[0]!.body, /^new /);
  } finally {
    await other.close();
  }
});

test("a page ends where its texts become too much, and the next goes on behind it", async () => {
  const other = await openTestStore(openEmbedded);
  try {
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`k${at}`, "v".repeat(1000)]),
    );
    const sent = Array.from({ length: 250 }, (_, at) => said(`large ${at}`, at, { attributes }));
    await send(sent, other.store);
    const first = await listLogs(other.store, { limit: 1000 });
    assert.equal(first.partial, undefined);
    assert.ok(first.items.length > 150 && first.items.length < 175, `${first.items.length}`);
    const rest = await listLogs(other.store, { limit: 1000, after: first.next! });
    assert.equal(first.items.length + rest.items.length, 250);
    assert.equal(rest.next, undefined);
  } finally {
    await other.close();
  }
});

test("a search that has no time or reads too much is partial, and goes on where it stood", async () => {
  for (const [limits, reason] of [
    [{ timeoutMs: 0 }, "time"],
    [{ maxBytes: 1 }, "size"],
  ] as const) {
    const page = await listLogs(opened.store, { limit: 5, ...limits });
    assert.equal(page.partial, reason);
    assert.deepEqual(page.items, []);
    assert.equal((await listLogs(opened.store, { limit: 5, after: page.next! })).items.length, 5);
  }
});

test("what was found before the time is up is told, and the next page goes on behind it", async () => {
  const fails = [new QueryTooLarge("the whole"), undefined, new QueryTimeout("the older half")];
  const slow = new Proxy(opened.store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "query") return typeof value === "function" ? value.bind(target) : value;
      return async (sql: string, options: unknown) => {
        const failure = sql.includes("AS at_ns\nFROM logs") ? fails.shift() : undefined;
        if (failure !== undefined) throw failure;
        return value.call(target, sql, options);
      };
    },
  });
  const range = { fromNs: T0 + 100n * SECOND, toNs: T0 + 340n * SECOND };
  const page = await listLogs(slow, { limit: 20, ...range });
  assert.deepEqual(fails, []);
  assert.equal(page.partial, "time");
  const all = await bodies(range);
  const shown = page.items.length;
  assert.ok(shown > 0 && shown < all.length, `${shown}`);
  assert.deepEqual(await bodies({ ...range, after: page.next! }), all.slice(shown));
});

test("an attribute that too many resources have is refused with its place", async () => {
  await opened.store.command(
    `INSERT INTO resources (received_day, resource_id, service_name, attributes)
     SELECT toDate('2026-01-01'), 1000 + number, 's', map('request.id', toString(number)) FROM numbers(100001)`,
  );
  await opened.store.command(
    "INSERT INTO attribute_keys VALUES ('resource', 'request.id', 'string', '2026-01-01')",
  );
  const query = '{ severity = warn || resource.request.id = "7" }';
  const error = await listLogs(opened.store, { limit: 1, query }).catch((reason: unknown) => reason);
  assert.ok(error instanceof InvalidQuery, String(error));
  assert.equal(query.slice(error.position.offset).split(" ")[0], "resource.request.id");
});

test("a filter that nests too deep, or that the database cannot say, is refused with its place", async () => {
  const refused = async (query: string) => {
    const error = await listLogs(opened.store, { limit: 1, query }).catch((reason: unknown) => reason);
    assert.ok(error instanceof InvalidQuery, String(error));
    return query.slice(error.position.offset, error.position.offset + error.position.length);
  };
  await send([said("n", 1, { attributes: { n: 1.5 } })]);
  assert.equal(await refused("{ severity = warn || .n % 2 = 1 }"), ".n % 2 = 1");
  assert.notEqual(await refused(`{ ${".n + ".repeat(150)}1 > 2 }`), "");
  const chain = Array.from({ length: 500 }, (_, at) => `.n = ${at}`).join(" || ");
  assert.deepEqual(await bodies({ query: `{ ${chain} }` }), []);
});
