import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Span } from "@clew/protocol/otlp/model";
import { exported } from "./harness/exported.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { settled } from "./harness/settled.ts";
import { assertSummaries } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

let server: ServerProcess;
let http: RawHttp;
let traces = 0;

before(async () => {
  server = await ServerProcess.start();
  http = new RawHttp(server.ports.http);
});

after(async () => {
  http.close();
  await server[Symbol.asyncDispose]();
});

const NOW = BigInt(Date.now()) * 1_000_000n;
const SECOND = 1_000_000_000n;
const YEAR = 365n * 86_400n * SECOND;

/** Start and length in seconds from now, and which other span is the parent. */
interface Sketch {
  readonly startS: number;
  readonly lengthS: number;
  readonly parent?: number;
}

function newTraceId(): string {
  return `0ddc${(++traces).toString(16).padStart(28, "0")}`;
}

function idOf(index: number): string {
  return (index + 1).toString(16).padStart(16, "0");
}

function spanOf(traceId: string, index: number, { startS, lengthS, parent }: Sketch): Span {
  const start = NOW + BigInt(Math.round(startS * 1e9));
  return {
    traceId,
    spanId: idOf(index),
    ...(parent !== undefined && { parentSpanId: idOf(parent) }),
    name: `span ${index}`,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(Math.round(lengthS * 1e9))),
  };
}

async function send(...spans: Span[]): Promise<void> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "odd" } }] };
  const body = encodeOtlp("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  assert.equal((await http.send("traces", body)).status, 200);
}

/** The trace as soon as so many of its spans can be seen. */
function seen(traceId: string, spans: number) {
  return until(`${spans} spans of ${traceId}`, async () => {
    const trace = await server.api.trace(traceId);
    return trace.n >= spans && trace;
  });
}

async function listed(traceId: string) {
  const { items } = await server.api.traces({ limit: 1000 });
  const item = items.find((each) => each.traceId === traceId);
  assert.ok(item, `trace ${traceId} is not in the list`);
  return item;
}

test("spans that arrive child first, one request each, make one trace", async () => {
  const traceId = newTraceId();
  const sketches: Sketch[] = Array.from({ length: 10 }, (_, at) => ({
    ...{ startS: at / 10, lengthS: 5 - at / 10 },
    ...(at > 0 && { parent: at - 1 }),
  }));
  for (const [index, sketch] of [...sketches.entries()].reverse()) await send(spanOf(traceId, index, sketch));
  const trace = await seen(traceId, 10);
  assert.deepEqual(
    trace.parent.map((parent) => trace.id[parent] ?? "none"),
    ["none", ...Array.from({ length: 9 }, (_, at) => idOf(at))],
  );
  const item = await listed(traceId);
  assert.deepEqual([item.spanCount, item.rootName, item.rootMissing], [10, "span 0", false]);
});

test("a child whose clock is ahead of its parent's, and one behind, keep their place and their times", async () => {
  const traceId = newTraceId();
  await send(
    spanOf(traceId, 0, { startS: 0, lengthS: 1 }),
    spanOf(traceId, 1, { startS: -3600, lengthS: 0.5, parent: 0 }),
    spanOf(traceId, 2, { startS: 3600, lengthS: 0.5, parent: 0 }),
  );
  const trace = await seen(traceId, 3);
  const root = trace.id.indexOf(idOf(0));
  assert.deepEqual(
    trace.id.map((id, at) => [id, trace.parent[at]]),
    [
      [idOf(1), root],
      [idOf(0), NO_PARENT],
      [idOf(2), root],
    ],
  );
  assert.equal(Math.round(trace.durMs / 1000), 7201);
  assert.equal((await listed(traceId)).rootName, "span 0");
});

test("a trace without its root is shown with its earliest span until the root arrives", async () => {
  const traceId = newTraceId();
  await send(
    spanOf(traceId, 1, { startS: 1, lengthS: 1, parent: 0 }),
    spanOf(traceId, 2, { startS: 2, lengthS: 1, parent: 0 }),
  );
  const early = await seen(traceId, 2);
  assert.deepEqual(early.parent, [PARENT_MISSING, PARENT_MISSING]);
  const before = await listed(traceId);
  assert.deepEqual([before.rootMissing, before.rootName, before.spanCount], [true, "span 1", 2]);
  await send(spanOf(traceId, 0, { startS: 0, lengthS: 5 }));
  const late = await seen(traceId, 3);
  assert.deepEqual(late.parent, [NO_PARENT, 0, 0]);
  const after = await listed(traceId);
  assert.deepEqual([after.rootMissing, after.rootName, after.spanCount], [false, "span 0", 3]);
});

test("spans of one trace that are hours and days apart belong together", async () => {
  const traceId = newTraceId();
  const starts = [-86_400 * 20, -86_400 * 3, -7200, -60, 0];
  for (const [index, startS] of starts.entries()) {
    await send(spanOf(traceId, index, { startS, lengthS: 1, ...(index > 0 && { parent: 0 }) }));
  }
  const trace = await seen(traceId, 5);
  assert.deepEqual(trace.parent, [NO_PARENT, 0, 0, 0, 0]);
  assert.equal((await listed(traceId)).spanCount, 5);
});

test("spans from 1970, from last year and from ten years ahead are listed, read and exported", async () => {
  const times: Record<string, bigint> = {
    "1970": 1n,
    "last year": NOW - YEAR,
    "in a day": NOW + 86_400n * SECOND,
    "in ten years": NOW + 10n * YEAR,
    "in 2200": 7_258_118_400n * SECOND,
    "the last moment": 2n ** 63n - 1n,
  };
  for (const [name, start] of Object.entries(times)) {
    const traceId = newTraceId();
    await send({
      ...{ traceId, spanId: idOf(0), name },
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start),
    });
    const trace = await seen(traceId, 1);
    assert.equal(trace.t0Nanos, String(start), name);
    const item = await listed(traceId);
    assert.deepEqual([item.startNanos, item.rootName, item.spanCount], [String(start), name, 1]);
    assert.equal((await exported(server, "traces", { traces: [traceId] })).length, 1, name);
    assert.equal((await server.api.span(traceId, idOf(0))).spans[0]?.startNanos, String(start));
  }
});

test("spans without an end, without times and with an end before the start are kept as sent", async () => {
  const traceId = newTraceId();
  await send(
    { traceId, spanId: idOf(0), name: "no end", startTimeUnixNano: String(NOW) },
    { traceId, spanId: idOf(1), name: "no times" },
    {
      ...{ traceId, spanId: idOf(2), name: "end first" },
      startTimeUnixNano: String(NOW),
      endTimeUnixNano: String(NOW - SECOND),
    },
  );
  await seen(traceId, 3);
  assert.equal((await listed(traceId)).spanCount, 3);
  const times = await Promise.all(
    [0, 1, 2].map(async (index) => {
      const [span] = (await server.api.span(traceId, idOf(index))).spans;
      return [span?.startNanos, span?.endNanos];
    }),
  );
  assert.deepEqual(times, [
    [String(NOW), "0"],
    ["0", "0"],
    [String(NOW), String(NOW - SECOND)],
  ]);
});

test("parents that go round in a circle do not hang or hide a trace", async () => {
  const traceId = newTraceId();
  await send(
    spanOf(traceId, 0, { startS: 0, lengthS: 1, parent: 2 }),
    spanOf(traceId, 1, { startS: 1, lengthS: 1, parent: 0 }),
    spanOf(traceId, 2, { startS: 2, lengthS: 1, parent: 1 }),
    spanOf(traceId, 3, { startS: 3, lengthS: 1, parent: 3 }),
  );
  const trace = await seen(traceId, 4);
  for (let span = 0; span < 4; span++) {
    let steps = 0;
    for (let at = trace.parent[span]!; at >= 0; at = trace.parent[at]!) assert.ok(++steps <= 4);
  }
  const item = await listed(traceId);
  assert.deepEqual([item.spanCount, item.rootMissing], [4, true]);
});

test("after all that the summaries still add up", async () => {
  await settled(server.api);
  await assertSummaries(server.engine);
});
