import assert from "node:assert/strict";
import { test } from "node:test";
import { generator } from "./testing/generator.ts";
import { withContext } from "./with-context.ts";

const CONTEXT = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "a=1",
  baggage: "session.id=s%201",
};
const PAIRS = JSON.stringify(CONTEXT).slice(1, -1);

function sent(
  api: "mcp" | "a2a",
  body: string,
  context: Parameters<typeof withContext>[2] = CONTEXT,
): string {
  return Buffer.from(withContext(api, Buffer.from(body), context)).toString();
}

test("MCP's messages carry the context in params._meta, all else stays byte for byte", () => {
  assert.equal(
    sent(
      "mcp",
      '{ "jsonrpc":"2.0", "id":1,\n"method":"tools/call","params":{"name":"é\\u00e9","arguments":{"n":1.0}} }',
    ),
    `{ "jsonrpc":"2.0", "id":1,\n"method":"tools/call","params":{"name":"é\\u00e9","arguments":{"n":1.0},"_meta":{${PAIRS}}} }`,
  );
  assert.equal(
    sent("mcp", '{"method":"tools/call","params":{"_meta": { "progressToken" : 1 } ,"name":"x"}}'),
    `{"method":"tools/call","params":{"_meta": { "progressToken" : 1,${PAIRS} } ,"name":"x"}}`,
  );
});

test("params and _meta are made where there are none", () => {
  assert.equal(
    sent("mcp", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'),
    `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{${PAIRS}}}}`,
  );
  for (const empty of ["{}", "{ }", '{"_meta":{}}', '{"_meta":null}']) {
    const body = JSON.parse(sent("mcp", `{"method":"ping","params":${empty}}`)) as object;
    assert.deepEqual(body, { method: "ping", params: { _meta: CONTEXT } }, empty);
  }
});

test("a context that is there is replaced, with its state", () => {
  const there =
    '{"method":"tools/list","params":{"_meta":{"tracestate":"old=1","traceparent":"00-old","x":[1]}}}';
  assert.deepEqual(JSON.parse(sent("mcp", there)).params._meta, { ...CONTEXT, x: [1] });
  const { traceparent } = CONTEXT;
  const bare = JSON.parse(sent("mcp", there, { traceparent })) as { params: { _meta: object } };
  assert.deepEqual(bare.params._meta, { tracestate: "", traceparent, x: [1] });
});

test("every request and notification of a batch carries it, answers do not", () => {
  const batch = [
    { jsonrpc: "2.0", id: 1, method: "tools/list" },
    { jsonrpc: "2.0", id: 2, result: { _meta: {} } },
    { jsonrpc: "2.0", method: "notifications/progress", params: { progress: 1 } },
  ];
  const found = JSON.parse(sent("mcp", JSON.stringify(batch))) as typeof batch;
  assert.deepEqual(found, [
    { ...batch[0], params: { _meta: CONTEXT } },
    batch[1],
    { ...batch[2], params: { progress: 1, _meta: CONTEXT } },
  ]);
});

test("a method of somebody's own gets it only where it has _meta already", () => {
  const own = '{"jsonrpc":"2.0","id":1,"method":"my/own","params":{"a":1}}';
  assert.equal(sent("mcp", own), own);
  assert.equal(sent("mcp", '{"method":"my/own"}'), '{"method":"my/own"}');
  const known = JSON.parse(sent("mcp", '{"method":"my/own","params":{"_meta":{}}}')) as object;
  assert.deepEqual(known, { method: "my/own", params: { _meta: CONTEXT } });
});

test("A2A's messages carry it in metadata", () => {
  const send =
    '{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"parts":[]},"metadata":{"a":1}}}';
  assert.deepEqual(JSON.parse(sent("a2a", send)).params, {
    message: { parts: [] },
    metadata: { a: 1, ...CONTEXT },
  });
  const stream = '{"jsonrpc":"2.0","id":1,"method":"SendStreamingMessage","params":{"message":{}}}';
  assert.deepEqual(JSON.parse(sent("a2a", stream)).params.metadata, CONTEXT);
  assert.deepEqual(JSON.parse(sent("a2a", '{"message":{"parts":[]}}')).metadata, CONTEXT);
  // A task is asked about by a message that has no place for it.
  const get = '{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"t"}}';
  assert.equal(sent("a2a", get), get);
});

test("what has no place for it is returned itself", () => {
  const bodies = [
    "",
    "{",
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    "[1,null,[]]",
    '{"method":"tools/call","params":{"name":"x"}',
    '{"method":"tools/call","params":{"name":"x"}}}',
    '{"method":"tools/call","params":[1]}',
    '{"method":"tools/call","params":null}',
    '{"method":"tools/call","params":{"_meta":7}}',
    '{"method":5,"params":{}}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  ];
  for (const text of bodies) {
    const body = Buffer.from(text);
    assert.equal(withContext("mcp", body, CONTEXT), body, text);
  }
});

test("random requests say the same but for their _meta, and nothing is written twice", () => {
  const random = generator(3);
  for (let round = 0; round < 1000; round++) {
    const meta = random.pick([
      undefined,
      {},
      { traceparent: "x" },
      { a: 1, baggage: "b=2", traceparent: "y" },
    ]);
    const params = { ...(random.object(4) as object), ...(meta === undefined ? {} : { _meta: meta }) };
    const message = { jsonrpc: "2.0", id: round, method: "tools/call", params, more: random.value(2) };
    const text = JSON.stringify(message, null, random.below(3));
    const found = sent("mcp", text);
    const expected = { ...message, params: { ...params, _meta: { ...meta, ...CONTEXT } } };
    assert.deepEqual(JSON.parse(found), JSON.parse(JSON.stringify(expected)), text);
    assert.equal(found.split(CONTEXT.traceparent).length, 2);
    assert.equal(sent("mcp", found), found, "a second time changes nothing");
  }
});
