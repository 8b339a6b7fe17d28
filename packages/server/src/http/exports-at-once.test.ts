import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiClient } from "@clew/protocol/api/client";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";
import { ingest } from "../query/testing/ingest.ts";
import { spanIdOf, traceIdOf } from "../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { refusal, type Served, serveApi } from "./testing/serve-api.ts";

const T0 = 1_790_000_000_000_000_000n;
/** Together more than what fits into buffers on the way, so that an export nobody reads does not end. */
const SPANS = 1100;
const TEXT = "0123456789abcdef".repeat(1024);

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const spans = Array.from({ length: SPANS }, (_, at) => ({
    traceId: traceIdOf("long"),
    spanId: spanIdOf(`span ${at}`),
    name: "step",
    startTimeUnixNano: String(T0 + BigInt(at)),
    endTimeUnixNano: String(T0 + BigInt(at)),
    attributes: [{ key: "note", value: { stringValue: TEXT } }],
  }));
  await ingest(opened.store, "traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  served = await serve(60_000);
});

after(async () => {
  await served?.close();
  await opened?.close();
});

function serve(requestTimeoutMs: number): Promise<Served> {
  const options = { queries: new Queries(opened.store), live: new LiveTraces(opened.store) };
  return serveApi({ ...options, requestTimeoutMs });
}

/** Compressed, the texts would be next to nothing. */
const uncompressed: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { "accept-encoding": "identity" } });

test("exports that nobody reads leave readers of the store to others, and keep only more exports waiting", async () => {
  const impatient = await serve(1);
  const client = new ApiClient({ baseUrl: impatient.url, fetch: uncompressed });
  const begin = () => client.export("traces", { format: "protobuf" });
  const unread = await Promise.all([begin(), begin(), begin()]);
  const refused = await refusal(begin());
  assert.deepEqual([refused.code, refused.status], ["too_many_exports", 503]);
  assert.equal((await served.client.trace("last")).n, SPANS);

  await unread[0]!.cancel();
  let next: ReadableStream | undefined;
  while (next === undefined) {
    await sleep(10);
    next = await begin().catch(() => undefined);
  }
  assert.equal((await refusal(begin())).code, "too_many_exports");
  for (const body of [unread[1]!, unread[2]!, next]) await body.cancel();
  await impatient.close();
});

test("an export that is refused gives its place back", async () => {
  for (let times = 0; times < 4; times += 1) {
    const error = await refusal(served.client.export("traces", { traces: ["ffff"] }));
    assert.equal(error.code, "trace_not_found");
  }
});

test("asking for the headers of an export takes no place", async () => {
  const impatient = await serve(1);
  for (let times = 0; times < 4; times += 1) {
    const answer = await fetch(`${impatient.url}/api/v1/export/traces`, { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-disposition") ?? "", /traces\.json/);
  }
  const body = await impatient.client.export("logs");
  assert.equal(await new Response(body).text(), '{"resourceLogs":[]}\n');
  await impatient.close();
});
