import assert from "node:assert/strict";
import { test } from "node:test";
import { MongoServer } from "../harness/mongo-server.ts";
import { assertOneTrace, CLIENT, runQueueAgent } from "../harness/queue-agent.ts";

for (const kind of ["esm", "cjs"] as const) {
  test(`MongoDB: one span per command inside a trace, without its values, ${kind}`, async () => {
    await using server = await MongoServer.start();
    const { spans, said } = await runQueueAgent({
      kind,
      imports: { MongoClient: "mongodb#MongoClient" },
      body: `
const client = new MongoClient("mongodb://127.0.0.1:${server.port}/?directConnection=true");
const jobs = client.db("agents").collection("jobs");
await jobs.insertOne({ name: "idle" });
await traced(async () => {
  say((await jobs.insertOne({ name: "secret", n: 1 })).acknowledged);
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
