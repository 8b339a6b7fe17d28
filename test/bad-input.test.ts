import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type BadCase, GOOD_SPANS } from "./bad-input/bad-case.ts";
import { jsonCases } from "./bad-input/json-cases.ts";
import { messageCases } from "./bad-input/message-cases.ts";
import { textCases } from "./bad-input/text-cases.ts";
import { grpcCases, httpCases } from "./bad-input/transport-cases.ts";
import { valueCases } from "./bad-input/value-cases.ts";
import { EXPORT_FORMATS, exported } from "./harness/exported.ts";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { type Told, toldByGrpc, toldByHttp } from "./harness/told.ts";
import { until } from "./harness/until.ts";

const MIB = 1024 * 1024;
/** What the whole server may take under full load; all bodies together have 4 GiB. */
const MEMORY_BYTES = 1536 * MIB;
const TRACES_AT_ONCE = 40;

let server: ServerProcess;
let http: RawHttp;
let grpc: RawGrpc;
let peakBytes = 0;
let sampling: NodeJS.Timeout;

before(async () => {
  server = await ServerProcess.start();
  http = new RawHttp(server.ports.http);
  grpc = new RawGrpc(server.ports.grpc);
  sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, server.residentBytes);
  }, 50);
});

after(async () => {
  clearInterval(sampling);
  http.close();
  grpc.close();
  await server[Symbol.asyncDispose]();
});

function assertTold(told: Told, { fate, name }: BadCase, refused: number): void {
  const said = `${name}: ${JSON.stringify(told)}`;
  if (!told.isOk) {
    assert.ok(fate === "refused" || fate === "either", `refused: ${said}`);
    assert.equal(told.status, refused, said);
    assert.ok(told.message.length > 10, `no explanation of the refusal: ${said}`);
    return;
  }
  assert.notEqual(fate, "refused", `taken: ${said}`);
  if (fate === "taken") assert.equal(told.rejected, 0, said);
  if (typeof fate === "number") assert.equal(told.rejected, fate, said);
  if (told.rejected > 0) assert.ok(told.message.length > 10, `no explanation of what was rejected: ${said}`);
}

/** Span ids that the export has of each trace. */
async function storedSpans(traceIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (let at = 0; at < traceIds.length; at += TRACES_AT_ONCE) {
    const traces = traceIds.slice(at, at + TRACES_AT_ONCE);
    for (const { record } of await exported(server, "traces", { traces })) {
      const { traceId, spanId } = record as { traceId: string; spanId: string };
      found.set(traceId, (found.get(traceId) ?? new Set()).add(spanId));
    }
  }
  return found;
}

/** Sends every case, then reads the good spans of those that were taken, and looks for none of those that were not. */
async function run(cases: readonly BadCase[], send: (each: BadCase) => Promise<Told>, refused: number) {
  const taken: string[] = [];
  const turnedAway: string[] = [];
  const wrong: string[] = [];
  for (const each of cases) {
    try {
      const told = await send(each);
      if (each.traceId) (told.isOk ? taken : turnedAway).push(each.traceId);
      assertTold(told, each, refused);
    } catch (error) {
      wrong.push(`${each.name}: ${(error as Error).message.slice(0, 500)}`);
    }
    if (server.exit !== undefined) assert.fail(`the server ended after ${each.name}: ${server.notes}`);
  }
  const logged = server.notes.split("\n").filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual([...wrong, ...logged], []);
  const nameOf = new Map(cases.map(({ traceId, name }) => [traceId, name]));
  const lacking = async (): Promise<string[]> => {
    const stored = await storedSpans(taken);
    return taken.filter((id) => !GOOD_SPANS.every((span) => stored.get(id)?.has(span)));
  };
  let last: string[] = [];
  await until("the good spans to be stored", async () => (last = await lacking()).length === 0, {
    timeoutMs: 30_000,
    pollMs: 250,
  }).catch((error: Error) => {
    assert.fail(
      `${error.message}; good spans are missing beside: ${last.map((id) => nameOf.get(id)).join("; ")}`,
    );
  });
  assert.deepEqual(await tracesInStore(turnedAway), [], "spans of refused requests are stored");
  const unread = taken.map((id) => [id, nameOf.get(id) ?? ""] as const);
  const reader = async (): Promise<void> => {
    for (let next = unread.pop(); next !== undefined; next = unread.pop()) await assertReadable(...next);
  };
  await Promise.all(Array.from({ length: 4 }, reader));
}

async function tracesInStore(traceIds: readonly string[]): Promise<string[]> {
  const list = traceIds.map((id) => `'${id}'`).join(",") || "''";
  const sql = `SELECT DISTINCT lower(hex(trace_id)) AS id FROM spans WHERE id IN (${list})`;
  return (await server.engine.query<{ id: string }>(sql)).map(({ id }) => id);
}

/** The trace comes through the API, and so does the span that is not one of the good ones. */
async function assertReadable(traceId: string, name: string): Promise<void> {
  const trace = await server.api.trace(traceId);
  assert.ok(trace.n >= GOOD_SPANS.length, name);
  const bad = trace.id.find((id) => !GOOD_SPANS.some((good) => good === id));
  if (bad === undefined) return;
  const { spans } = await server.api.span(traceId, bad);
  assert.ok(spans.length > 0 && spans.every((span) => span.spanId === bad), `${name}: span ${bad}`);
}

function assertSays(told: Told, status: number, says: RegExp | undefined): void {
  const said = JSON.stringify(told);
  assert.equal(told.status, status, said);
  if (!told.isOk) assert.ok(told.message.length > 10, `no explanation: ${said}`);
  if (says !== undefined) assert.match(told.message, says);
}

const KINDS = { messages: messageCases, values: valueCases, texts: textCases };

for (const [kind, cases] of Object.entries(KINDS)) {
  test(`bad ${kind} over OTLP/HTTP protobuf leave good spans and the server unharmed`, async (t) => {
    const all = cases();
    await run(
      all,
      async ({ signal, protobuf }) => toldByHttp(signal, await http.send(signal, protobuf!)),
      400,
    );
    t.diagnostic(`${all.length} cases`);
  });

  test(`bad ${kind} over OTLP/gRPC leave good spans and the server unharmed`, async (t) => {
    const all = cases();
    await run(all, async ({ signal, protobuf }) => toldByGrpc(signal, await grpc.send(signal, protobuf!)), 3);
    t.diagnostic(`${all.length} cases`);
  });
}

test("bad JSON over OTLP/HTTP leaves good spans and the server unharmed", async (t) => {
  const all = jsonCases();
  await run(all, async ({ signal, json }) => toldByHttp(signal, await http.sendJson(signal, json!)), 400);
  t.diagnostic(`${all.length} cases`);
});

test("what HTTP makes bad is refused with the right status and a reason", async (t) => {
  const all = httpCases();
  for (const { name, call, body, status, says } of all) {
    await t.test(name, async () => {
      const answer = await http.call(body(), call);
      if (call.path?.includes("/api/v2/spans")) assert.equal(answer.status, status);
      else assertSays(toldByHttp("traces", answer), status, says);
    });
  }
  t.diagnostic(`${all.length} cases`);
});

test("what gRPC makes bad is refused with the right status and a reason", async (t) => {
  const all = grpcCases();
  for (const { name, path, body, options, status, says } of all) {
    await t.test(name, async () => {
      assertSays(toldByGrpc("traces", await grpc.call(path!, body(), options)), status, says);
    });
  }
  t.diagnostic(`${all.length} cases`);
});

test("many large bodies at once are taken or put off, and memory stays bounded", async (t) => {
  const bomb = gzipSync(Buffer.alloc(300 * MIB));
  const large = Buffer.alloc(60 * MIB);
  const headers = { "content-type": "application/x-protobuf" };
  const http = new RawHttp(server.ports.http, 24);
  const statuses = await Promise.all(
    Array.from({ length: 24 }, async (_, at) => {
      const call = at % 2 === 0 ? { headers: { ...headers, "content-encoding": "gzip" } } : { headers };
      return (await http.call(at % 2 === 0 ? bomb : large, call)).status;
    }),
  );
  http.close();
  const unexpected = statuses.filter((status) => ![400, 413, 429, 503].includes(status));
  assert.deepEqual(unexpected, []);
  t.diagnostic(`peak of the server's own process: ${Math.round(peakBytes / MIB)} MiB`);
  assert.ok(peakBytes < MEMORY_BYTES, `${Math.round(peakBytes / MIB)} MiB`);
});

const STORED = {
  traces: "SELECT uniqExact(trace_id, span_id, start_time, duration_ns) FROM spans",
  logs: "SELECT count() FROM logs",
  metrics: "SELECT count() FROM metric_points",
} as const;

test("all that was taken can be exported in every format", async () => {
  for (const signal of ["traces", "logs", "metrics"] as const) {
    const stored = await server.engine.number(STORED[signal]);
    assert.ok(stored > 5, `${stored} records of ${signal}`);
    for (const format of EXPORT_FORMATS) {
      assert.equal((await exported(server, signal, { format })).length, stored, `${signal} as ${format}`);
    }
  }
});

test("after all that the server answers as ever and has logged no fault of its own", async () => {
  assert.deepEqual((await http.send("traces", Buffer.alloc(0))).status, 200);
  const { refusals } = (await server.api.status()).ingest;
  assert.ok(refusals.length > 5);
  const logged = server.notes.split("\n").filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(logged, []);
  assert.equal((await server.stop()).code, 0);
});
