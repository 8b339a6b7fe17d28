import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogItem } from "@clew/protocol/api/logs";
import { assertGolden } from "../fixtures/golden.ts";
import { unpainted } from "../screen/paint.ts";
import type { Screen } from "../screen/screen.ts";
import { textWidth } from "../screen/text-width.ts";
import { logTable } from "./log-table.ts";

const NOON = new Date(2026, 10, 21, 12, 1, 4).getTime();
const SCREEN: Screen = { width: 100, color: false, unicode: true, isTerminal: true };

function item(changes: Partial<LogItem>): LogItem {
  return {
    id: "x",
    timeNanos: "0",
    timeMs: NOON,
    severityNumber: 9,
    severityText: "INFO",
    body: "ready",
    service: "planner",
    scope: "",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    eventName: "",
    attributes: [],
    droppedAttributesCount: 0,
    ...changes,
  };
}

const ITEMS = [
  item({}),
  item({
    timeMs: NOON + 7.25,
    severityNumber: 5,
    body: "asking gpt-5 for a plan with a context of 12,480 tokens and four tools",
  }),
  item({ timeMs: NOON + 1234, severityNumber: 13, service: "sql-analyst", body: "retry 2 of 3" }),
  item({
    timeMs: NOON + 2999.9,
    severityNumber: 17,
    service: "sql-analyst",
    eventName: "tool.failed",
    body: "no answer\nin 300 ms",
  }),
  item({ timeMs: NOON + 3000, severityNumber: 24, body: "研究 ends 😀", traceId: "" }),
  item({
    timeMs: NOON - 86_400_000,
    severityNumber: 0,
    severityText: "NOTICE",
    body: "",
    attributes: [
      { key: "reason", value: { stringValue: "restart" } },
      { key: "count", value: { intValue: "3" } },
      { key: "tags", value: { arrayValue: { values: [{ stringValue: "a" }] } } },
    ],
  }),
  item({
    body: "\u001b[2Jclear \u009b2J \u202ener",
    service: "\u001b]0;title\u0007",
    severityNumber: 0,
    severityText: "\u001b[31m",
  }),
];

test("log records are a line each that fits the terminal", () => {
  const lines = logTable(ITEMS, SCREEN, NOON);
  assert.equal(lines.length, ITEMS.length + 1);
  for (const line of lines) assert.ok(textWidth(line) <= SCREEN.width, line);
  assertGolden("logs", lines);
  assertGolden("logs-narrow", logTable(ITEMS, { ...SCREEN, width: 60, unicode: false }, NOON));
});

test("elsewhere than on a terminal nothing is left out", () => {
  const [, line] = logTable([item({ body: "x".repeat(500) })], { ...SCREEN, isTerminal: false }, NOON);
  assert.ok(line?.includes("0af7651916cd43dd8448eb211c80319c"));
  assert.ok(line?.endsWith("x".repeat(500)));
});

test("severities are told apart by colour, and what a record says cannot steer the terminal", () => {
  const painted = logTable(ITEMS, { ...SCREEN, color: true }, NOON);
  assert.deepEqual(painted.map(unpainted), logTable(ITEMS, SCREEN, NOON));
  assert.ok(painted[1]!.includes("\u001b[32mINFO"));
  assert.ok(painted[3]!.includes("\u001b[33mWARN"));
  assert.ok(painted[4]!.includes("\u001b[31mERROR"));
  assert.doesNotMatch(painted.map(unpainted).join(""), /[\p{Cc}\u202a-\u202e]/u);
});

test("around a span, the relation is told", () => {
  const lines = logTable([item({ relation: "span" }), item({ relation: "instance" })], SCREEN, NOON);
  assert.match(lines[0]!, / OF /);
  assert.match(lines[1]!, / span +ready$/);
  assert.match(lines[2]!, / instance +ready$/);
});

test("no records are no table", () => {
  assert.deepEqual(logTable([], SCREEN, NOON), []);
});
