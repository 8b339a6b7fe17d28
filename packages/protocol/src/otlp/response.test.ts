import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage } from "./decode.ts";
import { exportResponse, statusBody, statusDetailsBin } from "./response.ts";
import { RESPONSES, RETRY_INFO, RPC_STATUS } from "./response-schema.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function text(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

test("full success is zero bytes or an empty object", () => {
  for (const signal of ["traces", "logs", "metrics"] as const) {
    assert.equal(exportResponse(signal, { rejected: 0, message: "" }, "protobuf").length, 0);
    assert.equal(
      new TextDecoder().decode(exportResponse(signal, { rejected: 0, message: "" }, "json")),
      "{}",
    );
  }
});

test("partial success names the signal's own count and the reason", () => {
  const outcome = { rejected: 300, message: "no" };
  assert.equal(hex(exportResponse("traces", outcome, "protobuf")), "0a0708ac0212026e6f");
  for (const [signal, key] of [
    ["traces", "rejectedSpans"],
    ["logs", "rejectedLogRecords"],
    ["metrics", "rejectedDataPoints"],
  ] as const) {
    const expected = { partialSuccess: { [key]: "300", errorMessage: "no" } };
    assert.deepEqual(decodeMessage(RESPONSES[signal], exportResponse(signal, outcome, "protobuf")), expected);
    assert.deepEqual(text(exportResponse(signal, outcome, "json")), expected);
  }
});

test("a warning has no count", () => {
  const warning = exportResponse("logs", { rejected: 0, message: "soon" }, "json");
  assert.deepEqual(text(warning), { partialSuccess: { errorMessage: "soon" } });
  assert.equal(hex(exportResponse("logs", { rejected: 0, message: "soon" }, "protobuf")), "0a061204736f6f6e");
});

test("a failure is a google.rpc.Status in the request's encoding", () => {
  const status = { code: 3, message: "bad" };
  assert.equal(hex(statusBody(status, "protobuf")), "08031203626164");
  assert.deepEqual(text(statusBody(status, "json")), status);
});

test("a failure worth retrying carries RetryInfo", () => {
  const status = { code: 14, message: "full", retryAfterMs: 2500 };
  const read = decodeMessage(RPC_STATUS, statusBody(status, "protobuf"));
  const [detail] = read.details as { typeUrl: string; value: string }[];
  assert.equal(detail?.typeUrl, "type.googleapis.com/google.rpc.RetryInfo");
  const info = decodeMessage(RETRY_INFO, Buffer.from(detail.value, "base64"));
  assert.deepEqual(info, { retryDelay: { seconds: "2", nanos: 500_000_000 } });
  assert.deepEqual(text(statusBody(status, "json")), {
    code: 14,
    message: "full",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.5s" }],
  });
});

test("the gRPC trailer is the status in base64 without padding", () => {
  assert.equal(statusDetailsBin({ code: 3, message: "bad" }), "CAMSA2JhZA");
  const status = { code: 8, message: "full", retryAfterMs: 1000 };
  assert.deepEqual(
    Buffer.from(statusDetailsBin(status), "base64"),
    Buffer.from(statusBody(status, "protobuf")),
  );
});
