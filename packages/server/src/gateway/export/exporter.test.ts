import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import type { Span } from "@clew/protocol/otlp/model";
import { exportResponse } from "@clew/protocol/otlp/response";
import { createLogger } from "../../log.ts";
import type { FinishedSpan } from "../spans/finished-span.ts";
import { endpointOf } from "./endpoint.ts";
import { Exporter, type ExporterOptions } from "./exporter.ts";

const RESOURCE = { attributes: [{ key: "service.name", value: { stringValue: "gateway" } }] };
const SCOPE = { name: "clew.gateway" };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly spans: readonly Span[];
}

/** How a collector answers its next requests; the last one stays. */
interface Say {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
  readonly hangs?: boolean;
}

class Collector {
  readonly received: Received[] = [];
  readonly says: Say[] = [{}];
  readonly #server: Server;
  #waiters: (() => void)[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces);
      const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const resources = decodeOtlp("traces", bytes).resourceSpans ?? [];
      const spans = resources.flatMap((one) => one.scopeSpans ?? []).flatMap((one) => one.spans ?? []);
      this.received.push({ headers: request.headers, path: request.url ?? "", spans });
      const say = (this.says.length > 1 ? this.says.shift() : this.says[0]) as Say;
      for (const waiter of this.#waiters.splice(0)) waiter();
      if (say.hangs) return;
      response.writeHead(say.status ?? 200, say.headers).end(say.body);
    });
  }

  async start(port = 0): Promise<string> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async requests(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function collector(): Promise<{ collector: Collector; url: string }> {
  const made = new Collector();
  cleanUps.push(() => made.stop());
  return { collector: made, url: await made.start() };
}

function exporter(options: Omit<ExporterOptions, "logger">): { exporter: Exporter; log: string[] } {
  const log: string[] = [];
  const logger = createLogger({ level: "info", target: { write: (line) => log.push(line) } });
  const made = new Exporter({ logger, ...options });
  cleanUps.push(() => made.close(0));
  return { exporter: made, log };
}

function finished(name: string, over: Partial<Span> = {}): FinishedSpan {
  const span: Span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name,
    kind: 2,
    startTimeUnixNano: "1700000000123456789",
    endTimeUnixNano: "1700000000123456790",
    attributes: [{ key: "gen_ai.usage.input_tokens", value: { intValue: "12" } }],
    status: { code: 1 },
    ...over,
  };
  return { span, resource: RESOURCE, scope: SCOPE };
}

const names = ({ spans }: Received): string[] => spans.map(({ name }) => name ?? "").sort();

test("every endpoint gets every span, as it was added, with its own headers, compressed where it asks for it", async () => {
  const one = await collector();
  const two = await collector();
  const { exporter: sink } = exporter({
    endpoints: [
      endpointOf(one.url, { "x-api-key": "one" }),
      endpointOf(`${two.url.replace("//", "//user:pass@")}/otlp/v1/traces?tenant=7`, {}, { gzip: true }),
    ],
  });
  const added = finished("chat gpt-5", { parentSpanId: "00f067aa0ba902b7", flags: 0x301 });
  sink.add(added);
  await sink.flush(5000);
  assert.deepEqual(one.collector.received[0]?.spans, [added.span]);
  assert.deepEqual(two.collector.received[0]?.spans, [added.span]);
  assert.equal(one.collector.received[0]?.path, "/v1/traces");
  assert.equal(one.collector.received[0]?.headers["x-api-key"], "one");
  assert.equal(one.collector.received[0]?.headers["content-encoding"], undefined);
  assert.equal(two.collector.received[0]?.path, "/otlp/v1/traces?tenant=7");
  assert.equal(two.collector.received[0]?.headers["content-encoding"], "gzip");
  assert.equal(two.collector.received[0]?.headers.authorization, "Basic dXNlcjpwYXNz");
  assert.deepEqual(
    sink.stats.map(({ endpoint, exported }) => [endpoint, exported]),
    [
      [`${one.url}/v1/traces`, 1],
      [`${two.url}/otlp/v1/traces`, 1],
    ],
  );
});

test("spans that are added together go in one request, grouped by resource and scope", async () => {
  const { collector: to, url } = await collector();
  const { exporter: sink } = exporter({ endpoints: [endpointOf(url)], delayMs: 1 });
  sink.add(finished("a"));
  sink.add({ ...finished("b"), resource: { attributes: [] } });
  sink.add(finished("c"));
  await to.requests(1);
  assert.deepEqual(names(to.received[0] as Received), ["a", "b", "c"]);
});

test("a full batch is sent at once", async () => {
  const { collector: to, url } = await collector();
  const { exporter: sink } = exporter({ endpoints: [endpointOf(url)], delayMs: 1e6 });
  for (let index = 0; index < 512; index += 1) sink.add(finished(`span ${index}`));
  await to.requests(1);
  assert.equal(to.received[0]?.spans.length, 512);
});

test("what an endpoint wants again is sent again, after the time it asks for", async () => {
  const { collector: to, url } = await collector();
  to.says.unshift(
    { status: 429, headers: { "retry-after": "0" } },
    { status: 503, headers: { "retry-after": "0" } },
  );
  const { exporter: sink, log } = exporter({ endpoints: [endpointOf(url)], delayMs: 1 });
  sink.add(finished("a"));
  await to.requests(3);
  await sink.flush(5000);
  assert.deepEqual(to.received.map(names), [["a"], ["a"], ["a"]]);
  assert.equal(sink.stats[0]?.exported, 1);
  assert.deepEqual(
    log.map((line) => JSON.parse(line).msg),
    ["Spans can't be sent; they wait, requests go on", "Spans are sent again"],
  );
});

test("an endpoint that is away costs the others nothing, is told once, and gets what waits when it is back", async () => {
  const here = await collector();
  const away = new Collector();
  const awayUrl = await away.start();
  await away.stop();
  const { exporter: sink, log } = exporter({ endpoints: [endpointOf(awayUrl), endpointOf(here.url)] });
  for (const name of ["a", "b", "c"]) {
    sink.add(finished(name));
    await sink.flush(5000);
  }
  assert.deepEqual(here.collector.received.map(names), [["a"], ["b"], ["c"]]);
  assert.equal(sink.stats[0]?.waiting, 3);
  assert.equal(log.length, 1);
  const back = new Collector();
  cleanUps.push(() => back.stop());
  await back.start(Number(new URL(awayUrl).port));
  await sink.flush(5000);
  assert.deepEqual(back.received.map(names), [["a"], ["b"], ["c"]]);
  assert.deepEqual(
    log.map((line) => JSON.parse(line).why ?? JSON.parse(line).dropped),
    ["ECONNREFUSED", 0],
  );
});

test("more than may wait is dropped, counted, and told once", async () => {
  const { collector: to, url } = await collector();
  to.says.unshift({ status: 503 });
  const { exporter: sink, log } = exporter({ endpoints: [endpointOf(url)], maxWaitingBytes: 300 });
  for (const name of ["a", "b", "c", "d", "e"]) {
    sink.add(finished(name));
    await sink.flush(5000);
    to.says.unshift({ status: 503 });
  }
  const stats = sink.stats[0];
  assert.ok(stats !== undefined && stats.dropped.full > 0 && stats.waiting > 0);
  assert.equal(stats.dropped.full + stats.waiting, 5);
  assert.equal(log.length, 2);
});

test("what an endpoint refuses or rejects is not sent again", async () => {
  const { collector: to, url } = await collector();
  const body = exportResponse("traces", { rejected: 1, message: "too old" }, "protobuf");
  to.says.unshift({ status: 400 }, { body });
  const { exporter: sink, log } = exporter({ endpoints: [endpointOf(url)] });
  sink.add(finished("a"));
  await sink.flush(5000);
  sink.add(finished("b"));
  sink.add(finished("c"));
  await sink.flush(5000);
  assert.deepEqual(to.received.map(names), [["a"], ["b", "c"]]);
  assert.deepEqual(sink.stats[0]?.dropped, { full: 0, refused: 1, rejected: 1, closed: 0, unfit: 0 });
  assert.equal(sink.stats[0]?.exported, 1);
  assert.deepEqual(
    log.map((line) => JSON.parse(line).why),
    ["it answered 400"],
  );
});

test("closing waits for an endpoint no longer than it is told to", async () => {
  const { collector: to, url } = await collector();
  to.says.unshift({ hangs: true });
  const { exporter: sink } = exporter({ endpoints: [endpointOf(url)] });
  sink.add(finished("a"));
  await sink.close(50);
  sink.add(finished("b"));
  assert.equal(to.received.length, 1);
  assert.equal(sink.stats[0]?.dropped.closed, 1);
});

test("a span that can't be encoded is dropped, the others are not", async () => {
  const { collector: to, url } = await collector();
  const { exporter: sink, log } = exporter({ endpoints: [endpointOf(url)] });
  sink.add(finished("a"));
  sink.add(finished("b", { traceId: "not hex" }));
  sink.add(finished("c"));
  await sink.flush(5000);
  assert.deepEqual(to.received.map(names), [["a", "c"]]);
  assert.equal(sink.stats[0]?.dropped.unfit, 1);
  assert.equal(log.length, 1);
});

test("headers and credentials of an endpoint are never logged", async () => {
  const { exporter: sink, log } = exporter({
    endpoints: [
      endpointOf("http://me:hunter2@127.0.0.1:1/?key=hunter2", { authorization: "Bearer hunter2" }),
    ],
  });
  sink.add(finished("a"));
  await sink.flush(5000);
  assert.equal(log.length, 1);
  assert.doesNotMatch(log.join(), /hunter2/);
  assert.throws(() => endpointOf("ftp://me:hunter2@host"), { message: /^(?!.*hunter2)/ });
});
