import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { accessLog } from "./access-log.ts";
import type { RequestFacts } from "./request-facts.ts";

const FACTS: RequestFacts = {
  listener: "main",
  method: "GET",
  path: "/a\nb",
  status: 404,
  durationMs: 1.23456,
  requestBytes: 0,
  responseBytes: 10,
  traceId: "",
  spanId: "",
  sampled: false,
  tries: 0,
};

test("a line has the ids of the trace, what the model said of itself, and nothing that is not known", async () => {
  const written: string[] = [];
  const log = accessLog({ write: (text) => written.push(text) }, () => 0);
  log(FACTS);
  log({
    ...FACTS,
    path: "/v1/messages",
    status: 200,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    sampled: true,
    tries: 2,
    upstream: "anthropic",
    route: "claude",
    sessionId: "s1",
    model: {
      operation: "chat",
      provider: "anthropic",
      asked: "claude",
      streams: false,
      tokens: { input: 3, output: 4 },
      costUsd: 0.01,
    },
  });
  await setImmediate();
  assert.equal(written.length, 1);
  const lines = (written[0] ?? "").trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      {
        time: "1970-01-01T00:00:00.000Z",
        listener: "main",
        method: "GET",
        path: "/a\nb",
        status: 404,
        duration_ms: 1.235,
        tries: 0,
        request_bytes: 0,
        response_bytes: 10,
      },
      {
        time: "1970-01-01T00:00:00.000Z",
        listener: "main",
        method: "GET",
        path: "/v1/messages",
        status: 200,
        duration_ms: 1.235,
        route: "claude",
        upstream: "anthropic",
        tries: 2,
        request_bytes: 0,
        response_bytes: 10,
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        span_id: "b7ad6b7169203331",
        sampled: true,
        session: "s1",
        model: "claude",
        provider: "anthropic",
        operation: "chat",
        stream: false,
        input_tokens: 3,
        output_tokens: 4,
        cost_usd: 0.01,
      },
    ],
  );
});

test("a target that takes nothing more costs lines, which the next one tells of", async () => {
  const written: string[] = [];
  const target = { writableLength: 1e9, write: (text: string) => written.push(text) };
  const log = accessLog(target);
  log(FACTS);
  log(FACTS);
  target.writableLength = 0;
  log(FACTS);
  await setImmediate();
  assert.equal(written.length, 1);
  assert.equal(JSON.parse(written[0] ?? "").lines_lost, 2);
});
