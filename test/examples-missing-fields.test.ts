import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Example, type StoredSpan, spansOf, tracesOf } from "./harness/example.ts";
import { ServerProcess } from "./harness/server-process.ts";

const RECORDS = 10;
const SPANS = 11;
/** What SEED=5 makes come late. */
const LATE = ["3", "5", "10"];

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

function find(spans: readonly StoredSpan[], service: string, kind: number, url: RegExp): StoredSpan {
  const found = spans.filter(
    (span) =>
      span.service === service &&
      span.kind === kind &&
      url.test(span.attributes["url.full"] ?? span.attributes["url.path"] ?? ""),
  );
  assert.equal(found.length, 1, `${service} ${url}`);
  return found[0]!;
}

test("records with missing fields are the traces with an error, and these show who sent them too early", async () => {
  // Late enough for a busy machine: what is compared is what came before what, not how long it took.
  const env = { LATE_MS: "3000" };
  await Example.run("missing-fields", server, { options: ["--session", "move"], env });
  const all = await tracesOf(
    server,
    { session: "move" },
    Array.from({ length: RECORDS }, () => SPANS),
  );
  assert.equal(all.length, RECORDS);
  const failed: string[] = [];
  for (const { traceId, status, error } of all) {
    const spans = await spansOf(server, traceId);
    const got = find(spans, "transforming-agent", 3, /\/records\/\d+$/);
    const pushed = find(spans, "transforming-agent", 3, /\/records$/);
    const stored = find(spans, "publishing-agent", 3, /\/products$/);
    const [record = ""] = /\d+$/.exec(got.attributes["url.full"] ?? "") ?? [];
    assert.equal(pushed.startNanos < got.endNanos, status === "error", `record ${record}`);
    const asked = spans.find(
      ({ service, attributes }) => service === "transforming-agent" && attributes["gen_ai.input.messages"],
    );
    assert.equal(!asked?.attributes["gen_ai.input.messages"]?.includes("price"), status === "error");
    if (status !== "error") continue;
    failed.push(record);
    assert.deepEqual(
      [error?.service, error?.spanId, error?.type],
      ["publishing-agent", stored.spanId, "422"],
    );
    assert.deepEqual(
      spans.filter(({ isError }) => isError).map(({ spanId }) => spanId),
      [stored.spanId],
    );
  }
  assert.deepEqual(failed, LATE);
});
