import assert from "node:assert/strict";
import { test } from "node:test";
import { REFUND } from "../fixtures/trace-columns.ts";
import { analysisJson } from "./analysis-json.ts";

interface Analysis {
  readonly lanes: readonly { readonly label: string; readonly firstSpanId: string }[];
  readonly edges: readonly { readonly type: string; readonly fromLane: number; readonly toLane: number }[];
  readonly criticalPath: {
    readonly totalsMs: Readonly<Record<string, number>>;
    readonly segments: readonly {
      readonly startMs: number;
      readonly durMs: number;
      readonly spanId?: string;
    }[];
  };
  readonly waits: readonly { readonly lane: number; readonly ms: number; readonly onLane?: number }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly spanIds: readonly string[];
    readonly lostMs?: number;
  }[];
}

const ANALYSIS = JSON.parse(JSON.stringify(analysisJson(REFUND))) as Analysis;

test("the analysis as JSON refers to spans by id and to lanes by index", () => {
  const known = new Set(REFUND.id);
  assert.deepEqual(
    ANALYSIS.lanes.map(({ label }) => label),
    ["orchestrator", "researcher", "planner"],
  );
  for (const { firstSpanId } of ANALYSIS.lanes) assert.ok(known.has(firstSpanId));
  for (const { spanIds } of ANALYSIS.findings) for (const id of spanIds) assert.ok(known.has(id));
  assert.deepEqual(
    ANALYSIS.edges.map(({ type, fromLane, toLane }) => [type, fromLane, toLane]),
    [
      ["call", 0, 1],
      ["call", 0, 2],
    ],
  );
});

test("the critical path as JSON is as long as the trace, in milliseconds", () => {
  const { segments, totalsMs } = ANALYSIS.criticalPath;
  const sum = (values: readonly number[]): number =>
    Math.round(values.reduce((all, value) => all + value, 0) * 1000);
  assert.equal(sum(segments.map(({ durMs }) => durMs)), REFUND.durMs * 1000);
  assert.equal(sum(Object.values(totalsMs)), REFUND.durMs * 1000);
});

test("findings as JSON have their own figures", () => {
  const retry = ANALYSIS.findings.find(({ kind }) => kind === "retry");
  assert.deepEqual([retry?.spanIds.length, retry?.lostMs], [3, 18_900]);
});
