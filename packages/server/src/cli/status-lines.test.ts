import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerStatus, Setup } from "@clew/protocol/api/server-status";
import { assertGolden } from "./fixtures/golden.ts";
import type { Screen } from "./screen/screen.ts";
import { statusLines } from "./status-lines.ts";

const NOON = new Date(2026, 10, 21, 12, 1, 4).getTime();
const SCREEN: Screen = { width: 100, color: false, unicode: true, isTerminal: true };
const SETUP: Setup = {
  version: "0.1.0",
  otlp: { grpc: "http://127.0.0.1:4317", http: "http://127.0.0.1:4318", auth: false },
  hasData: true,
};
const NONE = { requests: 0, records: 0, rejected: 0 };
const NOTHING = { spans: 0, traces: 0, logs: 0, metricPoints: 0, diskBytes: 0, tables: [] };
const EMPTY: ServerStatus = {
  version: "0.1.0",
  uptimeMs: 12_000,
  store: { state: "ready", location: "/home/ada/.local/share/clew" },
  stored: NOTHING,
  ingest: {
    sinceMs: NOON - 12_000,
    signals: { traces: NONE, logs: NONE, metrics: NONE },
    refusals: [],
    sources: [],
  },
  pipeline: { logBytes: 0, duplicates: 0 },
};

const UNKNOWN_PATH = {
  code: 404,
  reason: "unknown_path",
  count: 1041,
  message: "There is nothing at /traces",
  hint: "OTLP over HTTP goes to /v1/traces",
};

test("a server that received nothing says so and where it listens", () => {
  assertGolden("status-empty", statusLines(EMPTY, SETUP, SCREEN, NOON));
});

test("what was received, refused and from whom is told, with what to change", () => {
  const status: ServerStatus = {
    ...EMPTY,
    pipeline: {
      logBytes: 12_000_000,
      duplicates: 3,
      trouble: { message: "the store is restarting", sinceMs: NOON - 9000 },
    },
    stored: { ...NOTHING, spans: 12_345, traces: 310, diskBytes: 3_200_000, oldestMs: NOON - 3600_000 },
    ingest: {
      ...EMPTY.ingest,
      signals: {
        traces: { requests: 131, records: 12_345, rejected: 2 },
        logs: { ...NONE, requests: 2, records: 9 },
        metrics: NONE,
      },
      refusals: [{ code: 415, reason: "unsupported_body", count: 3 }, UNKNOWN_PATH],
      sources: [
        { service: "orchestrator", records: 12_000, rejected: 0, lastAtMs: NOON - 5000 },
        { service: "", records: 345, rejected: 2, lastAtMs: NOON - 1000 },
      ],
    },
  };
  const lines = statusLines(status, SETUP, SCREEN, NOON).map((line) =>
    line.replace(/since \d{4}-.*/, "since DATE"),
  );
  assertGolden("status", lines);
});

test("a store that does not answer is told beside what is known without it", () => {
  const { stored: _, ...others } = EMPTY;
  const status = { ...others, store: { ...EMPTY.store, state: "restarting" } };
  const lines = statusLines(status, SETUP, SCREEN, NOON).join("\n");
  assert.match(lines, /Store\s+restarting/);
  assert.match(lines, /Holds\s+unknown, because the store does not answer/);
  assert.match(lines, /Receives\s+gRPC/);
});

test("receivers that are off and a token that is asked for are told", () => {
  const lines = statusLines(EMPTY, { ...SETUP, otlp: { auth: true } }, SCREEN, NOON).join("\n");
  assert.match(lines, /nothing: the receivers are off \(with token\)/);
});
