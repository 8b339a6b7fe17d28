import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { compareTraces } from "@clew/protocol/analysis/comparison/compare-traces";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { assertGolden } from "../fixtures/golden.ts";
import { REFUND, type SampleSpan, traceColumns } from "../fixtures/trace-columns.ts";
import { unpainted } from "../screen/paint.ts";
import type { Screen } from "../screen/screen.ts";
import { textWidth } from "../screen/text-width.ts";
import { compareJson } from "./compare-json.ts";
import { type ComparedTrace, type CompareLinesOptions, compareLines } from "./compare-lines.ts";

const SCREEN: Screen = { width: 110, color: false, unicode: true, isTerminal: true };

function compared(trace: TraceColumns): ComparedTrace {
  return { trace, analysis: analyseTrace(trace) };
}

function render(a: TraceColumns, b: TraceColumns, options: Partial<CompareLinesOptions> = {}): string[] {
  const [one, other] = [compared(a), compared(b)];
  const settings = { screen: SCREEN, nowMs: Date.UTC(2026, 10, 24), all: false, limit: 200, ...options };
  return compareLines(one, other, compareTraces(one, other), settings).map((line) =>
    line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, "DATE TIME"),
  );
}

/** The refund again: another model, a tool that is not retried, and a step more at the end. */
const AGAIN = traceColumns([
  {
    id: "a",
    name: "refund #9002",
    service: "orchestrator",
    agent: "orchestrator",
    type: "agent",
    startMs: 0,
    durMs: 26_000,
  },
  {
    id: "b",
    parent: "a",
    name: "chat claude-sonnet-5",
    service: "orchestrator",
    agent: "orchestrator",
    model: "claude-sonnet-5",
    startMs: 15,
    durMs: 2200,
    tokens: [3012, 240],
    costUsd: 0.0251,
  },
  {
    id: "c",
    parent: "a",
    name: "invoke_agent researcher",
    service: "orchestrator",
    agent: "researcher",
    startMs: 2250,
    durMs: 14_000,
  },
  {
    id: "d",
    parent: "c",
    name: "POST /invoke",
    service: "researcher",
    agent: "researcher",
    startMs: 2290,
    durMs: 13_900,
  },
  ...Array.from({ length: 6 }, (_, at) => ({
    id: `e${at}`,
    parent: "d",
    name: "chat claude-sonnet-5",
    service: "researcher",
    agent: "researcher",
    model: "claude-sonnet-5",
    startMs: 2300 + at * 1300,
    durMs: 1150,
    tokens: [8000, 450] as const,
    costUsd: 0.031,
  })),
  {
    id: "f",
    parent: "d",
    name: "execute_tool sql",
    service: "researcher",
    agent: "researcher",
    tool: "sql",
    startMs: 11_000,
    durMs: 2900,
  },
  { id: "i", parent: "f", name: "SELECT refunds", service: "sql-tools", startMs: 11_010, durMs: 2870 },
  {
    id: "j",
    parent: "a",
    name: "invoke_agent planner",
    service: "orchestrator",
    agent: "planner",
    startMs: 16_500,
    durMs: 8150,
  },
  {
    id: "k",
    parent: "j",
    name: "chat gpt-5.1",
    service: "orchestrator",
    agent: "planner",
    model: "gpt-5.1",
    startMs: 16_510,
    durMs: 6200,
    tokens: [12_400, 1800],
    costUsd: 0.112,
  },
  {
    id: "l",
    parent: "j",
    name: "guardrail",
    service: "orchestrator",
    agent: "planner",
    startMs: 22_720,
    durMs: 0.35,
  },
  {
    id: "m",
    parent: "a",
    name: "execute_tool send_mail",
    service: "orchestrator",
    tool: "send_mail",
    startMs: 25_000,
    durMs: 700,
  },
]);

test("two traces are laid over each other: totals, where they part, and the tree of both", () => {
  assertGolden("compare", render(REFUND, AGAIN));
});

test("without UTF-8 a comparison is ASCII", () => {
  const lines = render(REFUND, AGAIN, { screen: { ...SCREEN, unicode: false }, all: true });
  assert.match(lines.join("\n"), /^[\x20-\x7e\n]*$/);
  assertGolden("compare-ascii", lines);
});

test("a trace compared with itself is alike, and has no tree", () => {
  const lines = render(REFUND, REFUND);
  assert.equal(lines.at(-1), "Both did the same, in 17 spans");
});

test("colours change nothing but the colours", () => {
  assert.deepEqual(
    render(REFUND, AGAIN, { screen: { ...SCREEN, color: true } }).map((line) => unpainted(line).trimEnd()),
    render(REFUND, AGAIN),
  );
});

test("no line is wider than the screen, whatever the names", () => {
  const wild = traceColumns([
    { id: "a", name: "数据查询 ".repeat(30), service: "s".repeat(99), startMs: 0, durMs: 10 },
    {
      id: "b",
      parent: "a",
      name: "\x1b[2J\n👩‍💻 works",
      startMs: 1,
      durMs: 2,
      model: "m".repeat(80),
      error: "e".repeat(300),
    },
  ]);
  for (const width of [40, 57, 80, 121]) {
    for (const line of [
      ...render(wild, REFUND, { screen: { ...SCREEN, width } }),
      ...render(REFUND, wild, { screen: { ...SCREEN, width } }),
    ]) {
      assert.ok(textWidth(line) <= width, `${width}: ${line}`);
      assert.doesNotMatch(line, /\p{Cc}/u);
    }
  }
});

test("rows are limited, and that is told", () => {
  const lines = render(REFUND, AGAIN, { all: true, limit: 3 });
  assert.equal(lines.at(-1), "The first 3 rows; --limit N shows more");
});

test("as JSON a line has the ids of both spans, what changed and by how much", () => {
  const span = (id: string, more: Partial<SampleSpan> = {}): SampleSpan => ({
    id,
    name: id,
    startMs: 0,
    durMs: 10,
    ...more,
  });
  const a = compared(traceColumns([span("a"), span("b", { parent: "a", startMs: 1, durMs: 5 })]));
  const b = compared(
    traceColumns([
      span("a"),
      span("b", { parent: "a", startMs: 1, durMs: 7, error: "full" }),
      span("c", { parent: "a", startMs: 9, durMs: 1 }),
    ]),
  );
  const { firstDivergence, lines } = compareJson(a, b, compareTraces(a, b)) as {
    firstDivergence: number;
    lines: unknown[];
  };
  const id = (letter: string): string => letter.padEnd(16, "0");
  assert.equal(firstDivergence, 1);
  assert.deepEqual(lines, [
    { a: id("a"), b: id("a"), name: "a" },
    { a: id("b"), b: id("b"), parent: 0, name: "b", changes: ["outcome"], durMs: 2 },
    { b: id("c"), parent: 0, name: "c", changes: ["added"], durMs: 1 },
  ]);
});
