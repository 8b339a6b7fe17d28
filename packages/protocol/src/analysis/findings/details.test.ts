import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "../analyse-trace.ts";
import type { Finding, FindingKind } from "../analysis.ts";
import { agent, call, chat, inTurn, tool } from "../testing/sketches.ts";
import { rowOf, type Sketch, traceOf } from "../testing/trace-builder.ts";

const failed = { error: "timeout" };

function only<Kind extends FindingKind>(
  kind: Kind,
  ...tops: Sketch[]
): Extract<Finding, { kind: Kind }> & { names: string[] } {
  const trace = traceOf(...tops);
  const found = analyseTrace(trace).findings.filter((finding) => finding.kind === kind);
  assert.equal(found.length, 1, found.map(({ text }) => text).join("\n"));
  const finding = found[0] as Extract<Finding, { kind: Kind }>;
  return { ...finding, names: finding.spans.map((row) => trace.dict.name[trace.name[row]!]!) };
}

test("a retry tells how often it failed, how it ended and what it took", () => {
  const { failures, succeeded, lostUs, severity, text } = only(
    "retry",
    agent("a", 0, 900, {
      below: [tool("sql", 10, 50, failed), tool("sql", 70, 50, failed), tool("sql", 160, 50)],
    }),
  );
  assert.deepEqual([failures, succeeded, lostUs, severity], [2, true, 150_000, "info"]);
  assert.equal(text, "a: execute_tool sql failed 2 times then succeeded, after 150 ms: timeout");
});

test("a loop has its steps and how often they were done", () => {
  const { times, steps, spans } = only(
    "loop",
    agent("a", 0, 1300, {
      below: inTurn(5, (turn) => [
        chat(200 * turn, 100, [500 + 90 * turn, 40]),
        tool("search", 110 + 200 * turn, 50),
      ]),
    }),
  );
  assert.deepEqual([times, steps, spans.length], [5, 2, 10]);
});

test("what begins before and after a loop is no part of it", () => {
  const { names } = only(
    "loop",
    agent("a", 0, 2000, {
      below: [
        tool("plan", 0, 5),
        ...inTurn(4, (turn) => chat(10 + 200 * turn, 100, [700, 40])),
        tool("answer", 1000, 5),
        chat(1100, 90, [700, 300]),
      ],
    }),
  );
  assert.deepEqual(names, Array(4).fill("chat gpt-5.1"));
});

test("an error has where it began, what it took along and what went on in spite of it", () => {
  const trace: Sketch = {
    name: "POST /chat",
    took: 300,
    below: [
      tool("ask", 10, 90, {
        ...failed,
        below: [
          call("/orders", "orders", 12, 80, { ...failed, below: [tool("stock", 20, 50, { error: "500" })] }),
        ],
      }),
      chat(150, 90, [500, 50]),
    ],
  };
  const { names, carriedBy, swallowedBy, severity, text } = only("error", trace);
  const rows = traceOf(trace);
  assert.deepEqual(names, ["execute_tool stock"]);
  assert.deepEqual(
    carriedBy,
    ["POST /orders", "POST", "execute_tool ask"].map((name) => rowOf(rows, name)),
  );
  assert.equal(swallowedBy, rowOf(rows, "POST /chat"));
  assert.equal(severity, "warning");
  assert.match(
    text,
    /^orders: execute_tool stock failed: 500; execute_tool ask of app failed with it; POST \/chat of app went on/,
  );
});

test("an error that nothing swallows is the gravest, and comes first", () => {
  const trace = traceOf(
    agent("a", 0, 300, {
      error: "gave up",
      below: [tool("x", 10, 20, failed), tool("x", 40, 20), tool("y", 250, 40, { error: "full" })],
    }),
  );
  const { findings } = analyseTrace(trace);
  assert.deepEqual(
    findings.map(({ kind, severity }) => `${severity} ${kind}`),
    ["error error", "info error", "info retry"],
  );
  assert.deepEqual(findings[0]!.spans, [rowOf(trace, "execute_tool y")]);
});

test("of failures at once the first is the cause, of failures in turn the last", () => {
  const together = agent("a", 0, 200, {
    ...failed,
    below: [tool("x", 10, 60, { error: "late" }), tool("y", 10, 40, { error: "first" })],
  });
  assert.deepEqual(only("error", together).names, ["execute_tool y"]);
  const inTurns = traceOf(
    agent("a", 0, 200, { ...failed, below: [tool("x", 10, 20, failed), tool("y", 50, 20, failed)] }),
  );
  const [worst] = analyseTrace(inTurns).findings;
  assert.deepEqual(worst?.spans, [rowOf(inTurns, "execute_tool y")]);
});

test("a failure that happens again and again in the same place is one finding", () => {
  const { spans } = only("error", {
    name: "job",
    took: 900,
    below: inTurn(9, (turn) => tool("resize", 10 + 90 * turn, 50, turn % 3 === 0 ? failed : {})),
  });
  assert.equal(spans.length, 3);
});

test("a slow call is told where it was slow, not by all who waited for it", () => {
  const { names, medianUs, calls } = only("slow-tail", {
    name: "job",
    took: 6000,
    below: inTurn(6, (turn) =>
      call("/user", "users", 10 + 60 * turn + (turn > 2 ? 2000 : 0), turn === 2 ? 2000 : 40),
    ),
  });
  assert.deepEqual([names, medianUs, calls], [["POST /user"], 38_000, 6]);
});

test("of very many slow calls the slowest is told, whichever it is", () => {
  const { spans, text } = only("slow-tail", {
    name: "job",
    took: 9000,
    below: inTurn(6000, (at) => tool("fetch", 0, at % 5 > 0 ? 100 + (at % 7) : at === 5995 ? 8000 : 2000)),
  });
  assert.equal(spans.length, 1200);
  assert.match(text, /1200 of 6000 calls .* up to 8 s;/);
});

test("a stuck context tells from what to what it grew", () => {
  const inputs = [1_000, 2_000, 3_100, 5_000, 7_700, 9_000];
  const { firstInputTokens, lastInputTokens } = only(
    "stuck-context",
    agent("a", 0, 900, { below: inputs.map((input, turn) => chat(100 * turn, 90, [input, 20 + 3 * turn])) }),
  );
  assert.deepEqual([firstInputTokens, lastInputTokens], [1_000, 9_000]);
});
