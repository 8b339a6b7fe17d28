import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { assertGolden } from "../fixtures/golden.ts";
import type { Screen } from "../screen/screen.ts";
import { textWidth } from "../screen/text-width.ts";
import { Tailed, tailLine } from "./tail-line.ts";
import { traceTable } from "./trace-table.ts";

const NOON = new Date(2026, 10, 21, 12, 1, 4).getTime();

const SCREEN: Screen = { width: 120, color: false, unicode: true, isTerminal: true };

function item(changes: Partial<TraceItem>): TraceItem {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    rootName: "invoke_agent orchestrator",
    rootService: "orchestrator",
    rootMissing: false,
    isRunning: false,
    rootStatus: "unset",
    startNanos: "0",
    startMs: NOON,
    durMs: 41_200,
    status: "unset",
    agents: ["orchestrator", "researcher", "sql-analyst"],
    services: ["orchestrator", "researcher"],
    models: ["gpt-5.1"],
    spanCount: 312,
    errorCount: 0,
    llmCalls: 14,
    toolCalls: 9,
    tokens: { input: 60_000, output: 2100, cacheRead: 0 },
    costUsd: 0.41,
    ...changes,
  };
}

const ITEMS = [
  item({
    status: "error",
    error: {
      type: "TimeoutError",
      message: "query did not finish",
      service: "researcher",
      agent: "sql-analyst",
      spanId: "",
    },
    session: { id: "s-77", inherited: false },
    test: { case: { id: "late-fee", inherited: false } },
  }),
  item({
    traceId: "1bf7651916cd43dd8448eb211c80319c",
    rootName: "GET /health",
    agents: [],
    durMs: 1.5,
    spanCount: 1,
    tokens: { input: 0, output: 0, cacheRead: 0 },
    costUsd: 0,
  }),
  item({
    traceId: "1bf7651916cd53dd8448eb211c80319c",
    rootName: "chat 查询数据库",
    rootMissing: true,
    spanCount: 12_345,
  }),
  item({
    traceId: "2bf7651916cd53dd8448eb211c80319c",
    rootName: "invoke_agent planner",
    agents: ["planner"],
    durMs: 0,
    spanCount: 0,
    tokens: { input: 0, output: 0, cacheRead: 0 },
    costUsd: 0,
  }),
];

test("traces are a table, with the error of a trace below it", () => {
  assertGolden("traces", traceTable(ITEMS, SCREEN, NOON));
});

test("a narrow terminal keeps what a trace is found by", () => {
  const lines = traceTable(ITEMS, { ...SCREEN, width: 60 }, NOON);
  assertGolden("traces-narrow", lines);
  for (const line of lines) assert.ok(textWidth(line) <= 60, line);
});

test("away from a terminal ids are whole, nothing is clipped and errors have no line of their own", () => {
  const lines = traceTable(ITEMS, { ...SCREEN, width: 40, isTerminal: false }, NOON);
  assert.equal(lines.length, 1 + ITEMS.length);
  for (const [at, { traceId, rootName }] of ITEMS.entries()) {
    assert.ok(lines[at + 1]?.includes(traceId) && lines[at + 1]?.includes(rootName));
  }
});

test("short ids are as long as it takes to tell them apart", () => {
  const lines = traceTable(ITEMS, SCREEN, NOON).join("\n");
  assert.match(lines, /\b1bf7651916cd4\b/);
  assert.match(lines, /\b1bf7651916cd5\b/);
});

test("no trace is no table", () => {
  assert.deepEqual(traceTable([], SCREEN, NOON), []);
});

test("a followed trace is a line that fits, and its error another", () => {
  assertGolden(
    "tail",
    ITEMS.flatMap((each) => tailLine(each, SCREEN, NOON)),
  );
  for (const width of [40, 60, 80, 200]) {
    for (const line of ITEMS.flatMap((each) => tailLine(each, { ...SCREEN, width }, NOON))) {
      assert.ok(textWidth(line) <= width, line);
    }
  }
});

test("a followed trace is news when it is new, when something of it has ended, when it fails and when its root arrives", () => {
  const known = new Tailed();
  assert.equal(known.isNews(item({ rootMissing: true, spanCount: 0 })), true);
  assert.equal(known.isNews(item({ rootMissing: true, spanCount: 0 })), false);
  assert.equal(known.isNews(item({ rootMissing: true })), true);
  assert.equal(known.isNews(item({ rootMissing: true, spanCount: 9 })), false);
  assert.equal(known.isNews(item({})), true);
  assert.equal(known.isNews(item({})), false);
  assert.equal(known.isNews(item({ status: "error" })), true);
});
