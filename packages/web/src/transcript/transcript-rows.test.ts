import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelStep, RunStep, TranscriptRun, TranscriptStep } from "@clew/protocol/api/transcript";
import type { Message } from "@clew/protocol/genai/message";
import { pairCalls } from "@clew/protocol/transcript/pair-calls";
import { rowText } from "./row-text.ts";
import { runsAbove, type TranscriptRow, transcriptRows } from "./transcript-rows.ts";

const run = (span: string, above = "", more: Partial<TranscriptRun> = {}): TranscriptRun => ({
  ...{ span, above, label: span, agent: span, service: "s", startUs: 0, durUs: 1 },
  ...{ modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, costMicro: 0 },
  ...{ errors: 0, hasFailed: false, isRunning: false },
  ...more,
});
const base = { startUs: 0, durUs: 1 };
const begins = (span: string, input: readonly Message[] = [], output: readonly Message[] = []): RunStep => ({
  ...{ type: "run", span, run: span, ...base },
  ...{ input, output },
});
const model = (
  of: string,
  span: string,
  input: readonly Message[],
  output: readonly Message[],
  more: Partial<ModelStep> = {},
): ModelStep => ({
  ...{ type: "model", span, run: of, ...base },
  ...{ model: "m-1", inputTokens: 0, outputTokens: 0, costMicro: 0, had: 0, dropped: 0 },
  input,
  output,
  ...more,
});
const says = (role: string, text: string): Message => ({ role, parts: [{ type: "text", text }] });
const calls = (name: string): Message => ({
  role: "assistant",
  parts: [{ type: "tool_call", id: name, name, arguments: { of: name } }],
});

function rowsOf(
  runs: readonly TranscriptRun[],
  steps: readonly TranscriptStep[],
  isOpen: (run: TranscriptRun) => boolean = () => true,
): readonly TranscriptRow[] {
  return transcriptRows({ runs, steps }, pairCalls(steps, runs), isOpen).rows;
}

const line = (row: TranscriptRow): string =>
  `${row.depth} ${row.kind} ${row.kind === "message" ? row.speaker : row.kind === "call" ? row.name : row.run.label}`;

const runs = [
  run("boss"),
  run("clerk", "boss"),
  run("coder", "boss", {
    from: { type: "hand-off", label: "boss", span: "b1" },
  }),
];
const steps: TranscriptStep[] = [
  begins("boss"),
  model("boss", "b1", [says("user", "please")], [calls("ask")]),
  { type: "tool", span: "t1", run: "boss", ...base, name: "ask", callId: "ask", result: "42" },
  begins("clerk"),
  model("clerk", "c1", [says("user", "how many?")], [says("assistant", "many")]),
  begins("coder", [says("user", "write")], [says("assistant", "written")]),
];

test("what an agent calls is a level deeper, and who asks it is who called it", () => {
  assert.deepEqual(rowsOf(runs, steps).map(line), [
    "0 run boss",
    "0 message User",
    "0 message boss",
    "0 call ask",
    "1 run clerk",
    "1 message boss",
    "1 message clerk",
    "1 hand-off coder",
    "1 run coder",
    "1 message boss",
    "1 message coder",
  ]);
});

test("a closed run leaves out all below it, and says what it was asked and answered", () => {
  const rows = rowsOf(runs, steps, ({ span }) => span !== "boss");
  assert.deepEqual(rows.map(line), ["0 run boss"]);
  const [clerk] = rowsOf(runs, steps, ({ span }) => span !== "clerk").filter(
    (row) => row.kind === "run" && row.run.span === "clerk",
  );
  assert.ok(clerk?.kind === "run");
  assert.deepEqual([clerk.asked, clerk.answered], ["how many?", "many"]);
  assert.ok(rowText(clerk).includes("how many?"));
});

test("a span that a closed run hides is known with its run, and the runs above are those to open", () => {
  const { rowOfSpan } = transcriptRows({ runs, steps }, pairCalls(steps, runs), () => false);
  const hidden = rowOfSpan.get("c1");
  assert.deepEqual(
    runsAbove(hidden?.run ?? "", runs).map(({ span }) => span),
    ["clerk", "boss"],
  );
  assert.equal(rowOfSpan.get("t1")?.run, "boss");
});

test("what is left out of a context is told unless it was only the answer", () => {
  const told = (dropped: number): readonly string[] =>
    rowsOf(
      [run("a")],
      [
        begins("a"),
        model("a", "1", [says("user", "x")], [says("assistant", "y")]),
        model("a", "2", [says("user", "z")], [says("assistant", "w")], { had: 1, dropped }),
      ],
    ).flatMap((row) => (row.kind === "note" ? [row.note] : []));
  assert.deepEqual(told(1), []);
  assert.deepEqual(told(4), ["dropped"]);
});

test("rows keep their keys when the transcript grows behind them", () => {
  const before = rowsOf(runs, steps.slice(0, 3)).map(({ key }) => key);
  const after = rowsOf(runs, steps).map(({ key }) => key);
  assert.deepEqual(after.slice(0, before.length), before);
  assert.equal(new Set(after).size, after.length);
});
