import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, SERVER, startGateway, startUpstream } from "./testing/test-gateway.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CARRIED = {
  traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  tracestate: "a=1",
  baggage: "session.id=s1",
};

/** An MCP server that says what it was sent. */
async function sentTo(meta: object | undefined, headers: Record<string, string>) {
  const bodies: { params: { _meta: Record<string, string> } }[] = [];
  const url = await startUpstream(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(JSON.parse(body));
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}');
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const params = { name: "read", ...(meta === undefined ? {} : { _meta: meta }) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  await ask(`${gateway.url}/files/mcp`, {
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await gateway.over(1);
  const server = gateway.spans.find(({ kind }) => kind === SERVER);
  return { sent: bodies[0]?.params._meta ?? {}, server, spans: gateway.spans };
}

test("the trace that an MCP message carries goes on where the headers carry none", async () => {
  const { sent, server, spans } = await sentTo({ ...CARRIED, progressToken: 5 }, {});
  assert.deepEqual([server?.traceId, server?.parentSpanId], [TRACE, "b7ad6b7169203331"]);
  const client = spans.find(({ parentSpanId }) => parentSpanId === server?.spanId);
  assert.deepEqual(sent, { ...CARRIED, progressToken: 5, traceparent: `00-${TRACE}-${client?.spanId}-01` });
  for (const { attributes } of spans)
    assert.deepEqual(attributes?.find(({ key }) => key === "session.id")?.value, { stringValue: "s1" });
});

test("a trace in the headers counts before that of the message, which gets the new one", async () => {
  const other = "11f7651916cd43dd8448eb211c80319c";
  const { sent, server } = await sentTo(CARRIED, { traceparent: `00-${other}-b7ad6b7169203331-01` });
  assert.equal(server?.traceId, other);
  assert.match(sent.traceparent ?? "", new RegExp(`^00-${other}-`));
});

test("a message without a trace, or with a malformed one, gets that which begins here", async () => {
  for (const meta of [undefined, { traceparent: "00-xyz" }]) {
    const { sent, server } = await sentTo(meta, {});
    assert.equal(server?.parentSpanId, undefined);
    assert.match(sent.traceparent ?? "", new RegExp(`^00-${server?.traceId}-`));
  }
});
