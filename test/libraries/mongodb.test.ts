import assert from "node:assert/strict";
import { test } from "node:test";
import { MongoServer } from "../harness/mongo-server.ts";
import { assertOneTrace, CLIENT, runQueueAgent } from "../harness/queue-agent.ts";

const VERSIONS = {
  "7": {},
  "6": { mongodb: "mongodb-6" },
  "5": { mongodb: "mongodb-5" },
  "4": { mongodb: "mongodb-4" },
};

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`MongoDB by mongodb ${version}: one span per command inside a trace, without its values, ${kind}`, async () => {
      await using server = await MongoServer.start();
      const { spans, said } = await runQueueAgent({
        kind,
        versions,
        imports: { mongodb: "mongodb" },
        // Versions 4 and 5 have Node warn of a module of its own, traced or not.
        env: { NODE_NO_WARNINGS: "1" },
        body: `
const client = new mongodb.MongoClient("mongodb://127.0.0.1:${server.port}/?directConnection=true");
await client.connect();
const jobs = client.db("agents").collection("jobs");
await jobs.insertOne({ name: "idle" });
await traced(async () => {
  say((await jobs.insertOne({ name: "secret", n: 1 })).insertedId !== undefined);
  say(await jobs.findOne({ name: "secret" }, { projection: { _id: 0 } }).then(({ name, n }) => [name, n]));
  say((await jobs.deleteOne({ name: "secret" })).deletedCount);
  await client.db("agents").command({ nonsense: "secret" }).catch((error) => say(error.codeName));
});
await client.close();`,
      });
      assert.deepEqual(said, [true, ["secret", 1], 1, "CommandNotFound"]);
      assertOneTrace(spans);
      const clients = spans.filter((span) => span.kind === CLIENT);
      const operations = clients.map(({ attributes }) => String(attributes["db.operation.name"]));
      assert.deepEqual(operations.sort(), ["delete", "find", "insert", "nonsense"]);
      for (const { attributes, status } of clients) {
        assert.equal(attributes["db.system.name"], "mongodb");
        assert.equal(attributes["server.port"], server.port);
        assert.doesNotMatch(JSON.stringify(attributes), /secret/);
        assert.equal(status?.code === 2, attributes["db.operation.name"] === "nonsense");
      }
      const find = clients.find(({ attributes }) => attributes["db.operation.name"] === "find");
      assert.match(String(find?.attributes["db.query.text"]), /"filter":\{"name":"\?"\}|"name":"\?"/);
    });
  }
}
