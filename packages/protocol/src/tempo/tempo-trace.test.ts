import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { encodeOtlp } from "../otlp/encode.ts";
import { parseOtlpJson } from "../otlp/json.ts";
import type { TracesData } from "../otlp/model.ts";
import { encodeTempoTraceAnswer, tempoResourceSpans } from "./tempo-trace.ts";

const every = JSON.parse(
  readFileSync(new URL("../otlp/fixtures/traces.json", import.meta.url), "utf8"),
) as unknown;
const trace: TracesData = parseOtlpJson("traces", every);

test("the answer is the trace in field 1, then metrics, status and message", () => {
  const bytes = Buffer.from(encodeOtlp("traces", { resourceSpans: [{ schemaUrl: "u" }] }));
  assert.equal(bytes.toString("hex"), "0a031a0175");
  const answer = { trace: { resourceSpans: [{ schemaUrl: "u" }] }, metrics: {} };
  assert.equal(Buffer.from(encodeTempoTraceAnswer(answer)).toString("hex"), "0a050a031a01751200");
  const partial = { ...answer, status: 1, message: "m" } as const;
  assert.equal(
    Buffer.from(encodeTempoTraceAnswer(partial)).toString("hex"),
    "0a050a031a017512001801" + "22016d",
  );
  assert.equal(encodeTempoTraceAnswer({}).length, 0);
});

test("in JSON ids are base64 and enums names, everything else is as in OTLP", () => {
  const before = JSON.stringify(trace);
  const json = { resourceSpans: tempoResourceSpans(trace) };
  assert.equal(JSON.stringify(trace), before);
  const text = JSON.stringify(json);
  const ids = [...text.matchAll(/"(?:traceId|spanId|parentSpanId)":"([^"]*)"/g)].map(([, id]) => id!);
  assert.ok(ids.length > 2);
  for (const id of ids) assert.ok([8, 16].includes(Buffer.from(id, "base64").length), id);
  const hex = text.replace(
    /"(traceId|spanId|parentSpanId)":"([^"]*)"/g,
    (_, key: string, id: string) => `"${key}":"${Buffer.from(id, "base64").toString("hex")}"`,
  );
  assert.match(hex, /"kind":"SPAN_KIND_\w+"/);
  assert.match(hex, /"code":"STATUS_CODE_\w+"/);
  assert.deepEqual(parseOtlpJson("traces", JSON.parse(hex)), trace);
});

test("what has no name stays a number", () => {
  const spans = [{ kind: 9, status: { code: 7 } }];
  assert.deepEqual(tempoResourceSpans({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), [
    { scopeSpans: [{ spans }] },
  ]);
});
