import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { KNOWN_TRACES, SHORT_TRACE, TRACE, UNKNOWN } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

const PROTOBUF = { accept: "application/protobuf" };

let server: ServedCompatible;

before(async () => {
  server = await serveCompatible();
  await server.send(KNOWN_TRACES);
});

after(() => server?.close());

/** What was sent of the first trace. */
const SENT = { resourceSpans: KNOWN_TRACES.resourceSpans!.slice(0, 2) };

test("Grafana finds the server, and what it is", async () => {
  assert.deepEqual(await server.ask("/tempo/api/echo"), {
    status: 200,
    type: "text/plain; charset=UTF-8",
    body: "echo",
  });
  assert.deepEqual(await server.json("/tempo/api/status/buildinfo"), {
    version: "1.2.3",
    revision: "",
    branch: "",
    buildUser: "",
    buildDate: "",
    goVersion: "",
  });
});

test("a trace is answered in protobuf when that is asked for: bare in version 1, wrapped in version 2", async () => {
  const bare = await server.bytes(`/tempo/api/traces/${TRACE}?start=1&end=2`, PROTOBUF);
  assert.deepEqual(decodeOtlp("traces", bare), SENT);
  const wrapped = await server.bytes(`/tempo/api/v2/traces/${TRACE}`, PROTOBUF);
  const trace = encodeOtlp("traces", SENT);
  // Field 1 is the trace, field 2 an empty message; a complete trace has the default status.
  const head = [0x0a, (trace.length & 127) | 128, trace.length >> 7];
  assert.deepEqual(Buffer.from(wrapped), Buffer.from([...head, ...trace, 0x12, 0x00]));
  assert.equal(
    (
      await server.ask(`/tempo/api/traces/${TRACE}`, {
        accept: "application/json;q=0.5, application/protobuf",
      })
    ).type,
    "application/protobuf",
  );
});

test("without that a trace is answered in protobuf's JSON", async () => {
  assert.deepEqual(await server.json(`/tempo/api/traces/${TRACE}`), recorded(import.meta.url, "trace-v1"));
  assert.deepEqual(await server.json(`/tempo/api/v2/traces/${TRACE}`), recorded(import.meta.url, "trace-v2"));
});

test("an id may come without its leading zeros and in upper case", async () => {
  const whole = await server.json(`/tempo/api/traces/${SHORT_TRACE}`);
  assert.deepEqual(await server.json("/tempo/api/traces/A3CE929D0E0E4736"), whole);
});

test("an unknown trace, an id that is none and bad times are refused as text", async () => {
  for (const version of ["", "v2/"]) {
    const path = `/tempo/api/${version}traces`;
    assert.deepEqual(await server.ask(`${path}/${UNKNOWN}`, PROTOBUF), {
      status: 404,
      type: "text/plain; charset=UTF-8",
      body: `No trace ${UNKNOWN} is stored\n`,
    });
    const bad = await server.ask(`${path}/xyz`);
    assert.equal(bad.status, 400);
    assert.match(bad.body, /^traceID is "xyz", .* 1 to 32 hexadecimal digits\n$/);
    assert.equal((await server.ask(`${path}/${TRACE}?start=yesterday`)).status, 400);
    assert.equal((await server.ask(`${path}/${"f".repeat(33)}`)).status, 400);
  }
  assert.deepEqual(await server.ask("/tempo/api/overrides"), {
    status: 404,
    type: "text/plain; charset=UTF-8",
    body: "There is nothing for GET /tempo/api/overrides\n",
  });
});
