import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Example, spansOf, tracesOf } from "./harness/example.ts";
import { ServerProcess } from "./harness/server-process.ts";

const USERS = 20;
const SPANS = 13;
/** What SEED=15 makes slow, by far more than a busy machine does. */
const SLOW = ["user-9", "user-13", "user-17"];
const SLOW_MS = 3000;

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

test("the slow ones of twenty recommendations are found by their duration, and the slow step by its span", async () => {
  const options = ["--session", "rec"];
  await Example.run("recommendation", server, { options, env: { SLOW_MS: String(SLOW_MS) } });
  const all = await tracesOf(
    server,
    { session: "rec" },
    Array.from({ length: USERS }, () => SPANS),
  );
  assert.equal(all.length, USERS);
  const { items } = await server.api.traces({ session: "rec", minDuration: `${SLOW_MS}ms` });
  assert.deepEqual(items.map(({ user }) => user?.id).toSorted(), SLOW.toSorted());

  for (const { traceId } of items) {
    const spans = await spansOf(server, traceId);
    const long = spans.filter(({ startNanos, endNanos }) => endNanos - startNanos >= SLOW_MS * 1e6);
    assert.deepEqual(
      long.map(({ service, name }) => `${service} ${name}`),
      [
        "recommender POST /recommend_products",
        "recommender execute_tool fetch_user_data",
        "recommender GET",
        "user-data GET /users/:user",
      ],
    );
    for (const [at, span] of long.slice(1).entries()) assert.equal(span.parentSpanId, long[at]!.spanId);
    const tools = spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "execute_tool");
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["execute_tool fetch_user_data", "execute_tool generate_recommendations"],
    );
    assert.equal(new Set(tools.map(({ parentSpanId }) => parentSpanId)).size, 1);
  }
});
