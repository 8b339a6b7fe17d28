import assert from "node:assert/strict";
import { test } from "node:test";
import { assertGolden } from "../fixtures/golden.ts";
import { REFUND, type SampleSpan, traceColumns } from "../fixtures/trace-columns.ts";
import { unpainted } from "../screen/paint.ts";
import type { Screen } from "../screen/screen.ts";
import { textWidth } from "../screen/text-width.ts";
import { type RenderTraceOptions, renderTrace } from "./render-trace.ts";
import { traceJson } from "./trace-json.ts";
import { errorSpans, type LayoutOptions, layOutTrace } from "./trace-layout.ts";

const SCREEN: Screen = { width: 110, color: false, unicode: true, isTerminal: true };

function render(
  trace = REFUND,
  screen: Partial<Screen> = {},
  options: Partial<LayoutOptions & RenderTraceOptions> = {},
): string[] {
  // A day away, so that the date is shown whatever the zone.
  const nowMs = Date.UTC(2026, 10, 24);
  const layout = layOutTrace(trace, { all: false, limit: 500, ...options });
  return renderTrace(trace, layout, { screen: { ...SCREEN, ...screen }, nowMs, ...options }).map((line) =>
    line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, "DATE TIME"),
  );
}

test("a trace across services is a tree with bars, errors in place and runs folded", () => {
  assertGolden("trace", render());
});

test("a narrow terminal keeps the bar and the duration", () => {
  assertGolden("trace-narrow", render(REFUND, { width: 60 }));
});

test("without UTF-8 everything is ASCII", () => {
  const lines = render(REFUND, { unicode: false }, { all: true });
  assert.match(lines.join("\n"), /^[\x20-\x7e\n]*$/);
  assertGolden("trace-ascii", lines);
});

test("colours change nothing but the colours", () => {
  assert.deepEqual(render(REFUND, { color: true }).map(unpainted), render());
});

test("no line is wider than the screen", () => {
  const wild = traceColumns([
    { id: "a", name: "数据查询 ".repeat(30), service: "s".repeat(99), startMs: 0, durMs: 10 },
    {
      id: "b",
      parent: "a",
      name: "👩‍💻 works",
      startMs: 1,
      durMs: 2,
      model: "m".repeat(80),
      error: "e".repeat(300),
    },
    {
      id: "c",
      parent: "gone",
      name: "x",
      startMs: 1,
      durMs: 2,
      agent: "研究员".repeat(9),
      tokens: [1e6, 1e6],
      costUsd: 123,
    },
  ]);
  for (const width of [40, 57, 80, 121, 200]) {
    for (const trace of [REFUND, wild]) {
      for (const line of render(trace, { width })) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

const RUNNING = traceColumns([
  { id: "a", name: "invoke_agent planner", agent: "planner", startMs: 0, durMs: 0, running: true },
  {
    id: "b",
    parent: "a",
    name: "chat gpt-5.1",
    model: "gpt-5.1",
    startMs: 10,
    durMs: 2100,
    tokens: [3012, 210],
  },
  ...Array.from({ length: 5 }, (_, at) => ({
    id: `c${at}`,
    parent: "a",
    name: "execute_tool fetch",
    startMs: 2500 + at,
    durMs: at < 4 ? 0 : 700,
    ...(at < 4 && { running: true as const }),
  })),
]);

test("what is running says so instead of a duration, and is never folded with what has ended", () => {
  assertGolden("trace-running", render(RUNNING));
  assert.match(render(RUNNING, { unicode: false }).join("\n"), /^[\x20-\x7e\n]*$/);
});

test("a trace of which nothing has ended has no duration", () => {
  const lines = render(traceColumns([{ id: "a", name: "wait", startMs: 0, durMs: 0, running: true }]));
  assert.equal(lines[0], "… wait  agents");
  assert.match(lines[2] ?? "", /DATE TIME · 1 span · 1 running · 1 service$/);
  assert.match(lines[5] ?? "", /^\[agents\] wait +░+ +running$/);
});

test("a span that was sent without an end has none, instead of a length of minus half a century", () => {
  const trace = traceColumns([
    { id: "a", name: "work", startMs: 0, durMs: 5 },
    { id: "b", parent: "a", name: "lost", startMs: 1, durMs: 0 },
  ]);
  const endless = { ...trace, dur: [5000, -(trace.t0Ms + 1) * 1000] };
  const lines = render(endless);
  assert.match(lines.find((line) => line.includes("lost")) ?? "", / no end$/);
  assert.equal(lines.at(-1), "1 span sent without an end");
  const { spans } = traceJson(endless) as { spans: Record<string, unknown>[] };
  assert.deepEqual([spans[1]?.endless, "durMs" in spans[1]!], [true, false]);
});

test("as JSON a span that is running says so and has no duration", () => {
  const { spans } = traceJson(RUNNING) as { spans: Record<string, unknown>[] };
  assert.deepEqual(
    [spans[0]?.running, "durMs" in spans[0]!, spans[1]?.running, spans[1]?.durMs],
    [true, false, undefined, 2100],
  );
});

test("a missing root, missing parents, rings and skewed clocks are told", () => {
  const trace = traceColumns([
    { id: "a", parent: "x", name: "chat", service: "writer", startMs: 100, durMs: 50 },
    { id: "b", parent: "a", name: "stream", service: "writer", startMs: 60, durMs: 20 },
    { id: "c", parent: "y", name: "fetch", service: "crawler", startMs: 130, durMs: -5 },
    { id: "d", parent: "e", name: "ping", service: "crawler", startMs: 140, durMs: 1 },
    { id: "e", parent: "d", name: "pong", service: "crawler", startMs: 141, durMs: 1 },
  ]);
  assertGolden("trace-broken", render(trace));
});

test("what a name contains can neither steer the terminal nor begin a line", () => {
  const trace = traceColumns([
    {
      id: "a",
      name: "\x1b[2J\x1b]0;owned\x07\nroot",
      service: "a\rb",
      startMs: 0,
      durMs: 1,
      error: "x\x9b31m",
    },
  ]);
  const text = render(trace).join("\n");
  assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  assert.ok(text.includes("\\u001b[2J"));
});

test("a run is folded from four equal siblings on, and only when all below them is equal too", () => {
  const runOf = (length: number, odd?: number): string =>
    render(
      traceColumns([
        { id: "r", name: "root", startMs: 0, durMs: 100 },
        ...Array.from({ length }, (_, at): SampleSpan[] => [
          { id: `a${at}`, parent: "r", name: "step", startMs: at * 10, durMs: 9 },
          { id: `b${at}`, parent: `a${at}`, name: at === odd ? "other" : "chat", startMs: at * 10, durMs: 9 },
        ]).flat(),
      ]),
    ).join("\n");
  assert.match(runOf(4), /step ×4 \(2 spans each\)/);
  assert.doesNotMatch(runOf(3), /×/);
  assert.doesNotMatch(runOf(5, 2), /×/);
  assert.match(runOf(9, 4), /step ×4[^×]*step[^×]*other[^×]*step ×4/);
});

test("an error inside a folded run is told on its row", () => {
  const trace = traceColumns([
    { id: "r", name: "root", startMs: 0, durMs: 100 },
    ...Array.from({ length: 5 }, (_, at): SampleSpan[] => [
      { id: `a${at}`, parent: "r", name: "attempt", startMs: at * 10, durMs: 9 },
      { id: `b${at}`, parent: `a${at}`, name: "call", startMs: at * 10, durMs: 9, error: "refused" },
    ]).flat(),
  ]);
  const lines = render(trace);
  assert.match(lines[lines.findIndex((line) => line.includes("attempt ×5")) + 1] ?? "", /refused/);
});

test("an error that only passes through a caller is told once, where it began", () => {
  const trace = traceColumns([
    { id: "a", name: "outer", startMs: 0, durMs: 9, error: "boom" },
    { id: "b", parent: "a", name: "inner", startMs: 1, durMs: 5, error: "boom" },
  ]);
  const lines = render(trace);
  assert.equal(lines.filter((line) => line.trim().endsWith("boom")).length, 1);
  assert.match(lines[lines.findIndex((line) => line.includes("inner")) + 1] ?? "", /boom/);
});

test("what a span said about its error takes the place of the error's type", () => {
  const [first = 0] = errorSpans(REFUND, layOutTrace(REFUND, { all: false, limit: 500 }));
  const lines = render(REFUND, {}, { errors: new Map([[first, "the disk is full"]]) });
  assert.match(
    lines[lines.findIndex((line) => line.includes("✗ execute_tool")) + 1] ?? "",
    /the disk is full/,
  );
});

test("100,000 spans in one line of descent or side by side take a moment, and what is left out is told", () => {
  const chain = Array.from({ length: 100_000 }, (_, at): SampleSpan => {
    const parent = at === 0 ? {} : { parent: `s${at - 1}` };
    return {
      id: `s${at}`,
      ...parent,
      name: `step ${at}`,
      startMs: at,
      durMs: 1,
      ...(at === 90_000 ? { error: "late" } : {}),
    };
  });
  const fan = chain.map((span, at) => (at === 0 ? span : { ...span, parent: "s0" }));
  for (const spans of [chain, fan]) {
    const trace = traceColumns(spans);
    const before = performance.now();
    const lines = render(trace);
    assert.ok(performance.now() - before < 5000);
    assert.ok(lines.length < 520);
    assert.match(lines.join("\n"), /99,500 spans more, 1 error among them; --limit N or --all/);
    for (const line of lines) assert.ok(textWidth(line) <= 110);
  }
});
