import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Example, spansOf, tracesOf } from "./harness/example.ts";
import { ServerProcess } from "./harness/server-process.ts";

const USERS = 20;
const SPANS = 13;
/** What SEED=15 makes slow, by far more than a busy machine does. */
const SLOW = ["user-9", "user-13", "user-17"];
const SLOW_MS = 3000;
/** Timers count from the beginning of a turn of the event loop, so one can seem to end early. */
const LONG_MS = 2500;

/** From the request down to what is slow. */
const STEPS = [
  "recommender POST /recommend_products",
  "recommender execute_tool fetch_user_data",
  "recommender GET",
  "user-data GET /users/:user",
];

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
  const { items } = await server.api.traces({ session: "rec", minDuration: `${LONG_MS}ms` });
  const found = new Set(items.map(({ traceId }) => traceId));
  for (const { traceId, durMs } of all) assert.equal(found.has(traceId), durMs >= LONG_MS, traceId);

  const slow: (string | undefined)[] = [];
  for (const { traceId, user } of all) {
    const spans = await spansOf(server, traceId);
    const steps = STEPS.map((step) => spans.filter(({ service, name }) => `${service} ${name}` === step));
    assert.deepEqual(
      steps.map(({ length }) => length),
      STEPS.map(() => 1),
    );
    const path = steps.flat();
    for (const [at, span] of path.slice(1).entries()) assert.equal(span.parentSpanId, path[at]!.spanId);
    const long = path.filter(({ startNanos, endNanos }) => endNanos - startNanos >= LONG_MS * 1e6);
    if (long.includes(path.at(-1)!)) {
      slow.push(user?.id);
      assert.deepEqual(long, path);
    }
    const tools = spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "execute_tool");
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["execute_tool fetch_user_data", "execute_tool generate_recommendations"],
    );
    assert.equal(new Set(tools.map(({ parentSpanId }) => parentSpanId)).size, 1);
  }
  assert.deepEqual(slow, SLOW);
});
