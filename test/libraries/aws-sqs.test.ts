import assert from "node:assert/strict";
import { test } from "node:test";
import { assertOneTrace, CALLER, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";
import { SqsServer } from "../harness/sqs-server.ts";

for (const kind of ["esm", "cjs"] as const) {
  test(`SQS: messages carry the trace and its ids, and nobody sees it, ${kind}`, async () => {
    await using server = await SqsServer.start();
    const { spans, said } = await runQueueAgent({
      kind,
      imports: { sqs: "@aws-sdk/client-sqs" },
      body: `
const endpoint = ${JSON.stringify(server.endpoint)};
const client = new sqs.SQSClient({ endpoint, region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
const QueueUrl = endpoint + "/000000000000/jobs";
const own = (name) => ({ [name]: { DataType: "String", StringValue: "1" } });
const many = Object.assign({}, ...Array.from("abcdefghij", own));
await traced(async () => {
  const input = { QueueUrl, MessageBody: "one", MessageAttributes: own("x") };
  const { MessageId, $metadata } = await client.send(new sqs.SendMessageCommand(input));
  say([typeof MessageId, $metadata.httpStatusCode, Object.keys(input.MessageAttributes)]);
  const Entries = [{ Id: "1", MessageBody: "two" }, { Id: "2", MessageBody: "full", MessageAttributes: many }];
  await client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries }));
});
const command = new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2, MessageAttributeNames: ["x"] });
const { Messages } = await client.send(command);
for (const message of Messages) {
  await new Promise(setImmediate);
  step("handle " + message.Body);
}
say(Messages.map(({ Body, MessageAttributes = {}, MD5OfMessageAttributes }) => [Body, Object.keys(MessageAttributes), MD5OfMessageAttributes]));
say(command.input.MessageAttributeNames);
const answered = Promise.withResolvers();
client.send(new sqs.ReceiveMessageCommand({ QueueUrl }), (error, output) => answered.resolve(output));
say((await answered.promise).Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes === undefined]));
say(await new sqs.SQS({ endpoint, region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } })
  .receiveMessage({ QueueUrl }).then(({ Messages }) => Messages === undefined));
client.destroy();`,
    });
    assert.deepEqual(said, [
      ["string", 200, ["x"]],
      [
        ["one", ["x"], null],
        ["two", [], null],
      ],
      ["x"],
      [["full", true]],
      true,
    ]);
    const messaging = spans.filter(
      ({ scope, name = "" }) => scope === "clew.aws-sqs" || name.startsWith("handle"),
    );
    const others = messaging.filter(({ traceId }) => traceId === CALLER.traceId);
    assertOneTrace(spans.filter(({ traceId }) => traceId === CALLER.traceId));
    const full = messaging.filter(({ traceId }) => traceId !== CALLER.traceId);
    assert.deepEqual(full.map(({ name }) => name).sort(), ["process jobs", "receive jobs"]);
    assert.equal(
      new Set(full.map(({ traceId }) => traceId)).size,
      1,
      "a message that has no room for a context",
    );
    const sent = others.filter((span) => span.kind === PRODUCER);
    assert.deepEqual(
      sent.map(({ name }) => name),
      ["send jobs", "send jobs"],
    );
    const received = only(others, "receive", ({ name }) => name === "receive jobs");
    assert.deepEqual(
      received.links?.map(({ spanId }) => spanId).sort(),
      sent.map(({ spanId }) => spanId).sort(),
    );
    for (const body of ["one", "two"]) {
      const handled = only(others, body, ({ name }) => name === `handle ${body}`);
      const processed = only(others, "process", ({ spanId }) => spanId === handled.parentSpanId);
      assert.equal(processed.kind, CONSUMER);
      assert.equal(processed.attributes["messaging.system"], "aws_sqs");
      assert.ok(sent.some(({ spanId }) => spanId === processed.parentSpanId));
    }
  });
}
