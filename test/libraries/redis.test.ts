import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRedis } from "../harness/brokers.ts";
import { assertQueries } from "../harness/query-spans.ts";
import { runQueueAgent } from "../harness/queue-agent.ts";

const IOREDIS = {
  "6": { versions: {}, Redis: "ioredis#Redis" },
  "5": { versions: { ioredis: "ioredis-5" }, Redis: "ioredis#Redis" },
  "4": { versions: { ioredis: "ioredis-4" }, Redis: "ioredis#default" },
};
const REDIS = { "6": {}, "5": { redis: "redis-5" }, "4": { redis: "redis-4" } };

test("Redis by ioredis", { timeout: 60_000 }, (t) =>
  withBroker(t, startRedis, async ({ port }) => {
    for (const kind of ["esm", "cjs"] as const) {
      for (const [version, { versions, Redis }] of Object.entries(IOREDIS)) {
        await t.test(`one span per command inside a trace, ioredis ${version} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            versions,
            imports: { Redis },
            body: `
const redis = new Redis(${port}, "127.0.0.1");
await redis.ping();
await traced(async () => {
  say(await redis.set("k", "secret"));
  const got = Promise.withResolvers();
  redis.get("k", (error, value) => got.resolve(value));
  say(await got.promise);
  say(await redis.pipeline().incr("n").get("k").exec());
  say((await redis.multi().hset("h", "f", "secret").exec())[0][0]);
  await redis.lpush("k", "secret").catch((error) => say(error.message.slice(0, 9)));
  say(await redis.eval("return ARGV[1]", 0, "secret"));
  const late = new Redis(${port}, "127.0.0.1", { db: 0 });
  await late.get("queued until there is a connection");
  late.disconnect();
});
await redis.del("n", "h");
redis.disconnect();`,
          });
          assert.deepEqual(said, [
            "OK",
            "secret",
            [
              [null, 1],
              [null, "secret"],
            ],
            null,
            "WRONGTYPE",
            "secret",
          ]);
          assertQueries(spans, "redis", [
            { name: "SET", text: "SET k [1 other arguments]" },
            { name: "GET", text: "GET k" },
            { name: "INCR", text: "INCR n" },
            { name: "GET", text: "GET k" },
            { name: "MULTI", text: "MULTI" },
            { name: "HSET", text: "HSET h [2 other arguments]" },
            { name: "EXEC", text: "EXEC" },
            { name: "LPUSH", text: "LPUSH k [1 other arguments]", isError: true },
            { name: "EVAL", text: "EVAL [3 other arguments]" },
            { name: "GET", text: "GET queued until there is a connection" },
          ]);
        });
      }
    }
  }),
);

test("Redis by its own client", { timeout: 60_000 }, (t) =>
  withBroker(t, startRedis, async ({ port }) => {
    for (const kind of ["esm", "cjs"] as const) {
      for (const [version, versions] of Object.entries(REDIS)) {
        await t.test(`one span per command inside a trace, redis ${version} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            versions,
            imports: { createClient: "redis#createClient" },
            body: `
const client = createClient({ url: "redis://127.0.0.1:${port}" });
await client.connect();
await client.ping();
await traced(async () => {
  say(await client.set("r", "secret"));
  say(await client.get("r"));
  say(await client.multi().incr("m").get("r").exec());
  await client.lPush("r", "secret").catch((error) => say(error.message.slice(0, 9)));
});
await client.del("m");
await (client.close ?? client.quit).call(client);`,
          });
          assert.deepEqual(said, ["OK", "secret", [1, "secret"], "WRONGTYPE"]);
          assertQueries(spans, "redis", [
            { name: "SET", text: "SET r [1 other arguments]" },
            { name: "GET", text: "GET r" },
            { name: "INCR", text: "INCR m" },
            { name: "GET", text: "GET r" },
            { name: "LPUSH", text: "LPUSH r [1 other arguments]", isError: true },
          ]);
        });
      }
    }
  }),
);
