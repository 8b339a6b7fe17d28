import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JaegerTrace } from "@clew/protocol/jaeger/jaeger-trace";
import { KNOWN_TRACES, SHORT_TRACE, START_S, TRACE } from "./testing/known-traces.ts";
import { type ServedCompatible, serveCompatible } from "./testing/serve-compatible.ts";

let server: ServedCompatible;
let url: string;

before(async () => {
  server = await serveCompatible();
  await server.send(KNOWN_TRACES);
  ({ url } = await server.another({ mostSpans: 3 }));
});

after(() => server?.close());

async function ask(path: string, accept = "*/*"): Promise<{ status: number; body: Buffer }> {
  const answer = await fetch(url + path, { headers: { accept } });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}

const WORDS = "The trace is large; these are its first 3 spans";

test("a trace of too many spans is cut where the format can say so", async () => {
  const jaeger = JSON.parse(String((await ask(`/jaeger/api/traces/${TRACE}`)).body)).data[0] as JaegerTrace;
  assert.deepEqual([jaeger.spans.length, jaeger.warnings], [3, [WORDS]]);
  const tempo = JSON.parse(String((await ask(`/tempo/api/v2/traces/${TRACE}`)).body));
  assert.deepEqual([tempo.status, tempo.message], ["PARTIAL", WORDS]);
  const { body } = await ask(`/tempo/api/v2/traces/${TRACE}`, "application/protobuf");
  const tail = Buffer.concat([Buffer.from([0x12, 0, 0x18, 1, 0x22, WORDS.length]), Buffer.from(WORDS)]);
  assert.deepEqual(body.subarray(-tail.length), tail);
});

test("elsewhere it is refused, with where to find it", async () => {
  for (const path of [`/tempo/api/traces/${TRACE}`, `/zipkin/api/v2/trace/${TRACE}`]) {
    const { status, body } = await ask(path);
    assert.equal(status, 413);
    assert.equal(
      String(body),
      `Trace ${TRACE} has more than 3 spans; /api/v1/export/traces?trace=${TRACE} has them all\n`,
    );
  }
});

test("of several traces those come that fit together", async () => {
  const { body } = await ask(`/zipkin/api/v2/traceMany?traceIds=${SHORT_TRACE},${TRACE}`);
  assert.equal(JSON.parse(String(body)).length, 1);
  const found = await ask(`/zipkin/api/v2/traces?endTs=${START_S + 3600}000`);
  assert.equal(JSON.parse(String(found.body)).length, 1);
});
