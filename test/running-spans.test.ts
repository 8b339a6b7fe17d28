import assert from "node:assert/strict";
import { test } from "node:test";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { KeyValue, Span } from "@clew/protocol/otlp/model";
import { RawHttp } from "./harness/otlp-http.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { until } from "./harness/until.ts";

const START = BigInt(Date.now()) * 1_000_000n;
const END = START + 1_000_000_000n;
const TRACE = "0ddc0000000000000000000000000001";
const CALL: KeyValue[] = [
  { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
  { key: "gen_ai.usage.input_tokens", value: { intValue: "7" } },
];
const RUNNING: KeyValue[] = [{ key: "clew.running", value: { boolValue: true } }, ...CALL];

function span(spanId: string, attributes: KeyValue[], end?: bigint, parentSpanId = ""): Span {
  const times = {
    startTimeUnixNano: String(START),
    ...(end !== undefined && { endTimeUnixNano: String(end) }),
  };
  return { traceId: TRACE, spanId, parentSpanId, name: "chat", ...times, attributes };
}

test("a span that says it is running counts when it has ended, and one with an end has ended", async () => {
  await using server = await ServerProcess.start();
  const http = new RawHttp(server.ports.http);
  const send = async (...spans: Span[]) => {
    const body = encodeOtlp("traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] });
    assert.equal((await http.send("traces", body)).status, 200);
  };
  const listed = async () => {
    const { items } = await server.api.traces({ limit: 10 });
    const [item] = items;
    return [item?.isRunning, item?.spanCount, item?.llmCalls, item?.tokens.input, item?.durMs];
  };
  const shown = async () => {
    const { id, flags, dur } = await server.api.trace(TRACE);
    return id.map((_, at) => [id[at], (flags[at]! & SPAN_FLAG.running) !== 0, dur[at]]);
  };
  const open = "1".repeat(16);
  const other = "2".repeat(16);
  try {
    await send(span(open, RUNNING), span(other, RUNNING.slice(0, 1), END, open));
    await until("the trace", async () => (await server.api.traces({ limit: 10 })).items.length === 1);
    assert.deepEqual(await listed(), [true, 1, 0, 0, 1000]);
    assert.deepEqual(await shown(), [
      [open, true, 0],
      [other, false, 1_000_000],
    ]);
    await send(span(open, CALL, END + 500_000_000n));
    await until("its end", async () => (await listed())[1] === 2);
    assert.deepEqual(await listed(), [false, 2, 1, 7, 1500]);
    assert.deepEqual(await shown(), [
      [open, false, 1_500_000],
      [other, false, 1_000_000],
    ]);
  } finally {
    http.close();
  }
});
