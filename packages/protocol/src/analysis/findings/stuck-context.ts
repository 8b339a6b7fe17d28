import { SPAN_FLAG } from "../../api/trace-columns.ts";
import type { StuckContextFinding } from "../analysis.ts";
import { groupRows } from "../group-rows.ts";
import { sortRows } from "../sort-rows.ts";
import { ROLE } from "../span-role.ts";
import { type Evidence, isError, median, whoOf } from "./evidence.ts";

/** Short conversations grow as well; from so many turns on the growth is a trend. */
const TURNS = 6;
/** Below that nobody minds what is read again and again. */
const LEAST_INPUT_TOKENS = 4_000;
/** The context has at least doubled meanwhile. */
const GROWS_TO = 2;
/** All that was written, of what was read last: who gets on writes answers, plans or code. */
const OUTPUT_SHARE = 0.1;
/** An answer stands out by its length from the calls of tools before it. */
const ANSWER_TIMES = 3;

/**
 * An agent whose every turn reads more than the one before and writes next to nothing, to the end. Who reads much
 * and then answers has not been stuck:
 *
 *     input   ▂▃▄▅▆▇█      input   ▂▃▄▅▆▇█
 *     output  ▁▁▁▁▁▁▁      output  ▁▁▁▁▁▁▆
 *             stuck                answered
 */
export function findStuckContexts(evidence: Evidence): StuckContextFinding[] {
  const found: StuckContextFinding[] = [];
  for (const turns of turnsByRun(evidence)) {
    for (const stretch of growing(evidence, turns)) {
      if (isStuck(evidence, stretch)) found.push(finding(evidence, stretch));
    }
  }
  return found;
}

/** The model calls that count, of each run and each of its models, in order of start. */
function turnsByRun({ trace, tree, clock, lanes, roles, keys }: Evidence): number[][] {
  const rows = new Int32Array(tree.n);
  const calls = new Float64Array(tree.n);
  let count = 0;
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    if (roles[row] !== ROLE.model) continue;
    const flags = trace.flags[row] ?? 0;
    if ((flags & SPAN_FLAG.counted) === 0 || (flags & SPAN_FLAG.running) !== 0) continue;
    if (!((trace.tokIn[row] ?? 0) > 0)) continue;
    rows[count] = row;
    calls[count++] = lanes.runs.runOf[row]! * (tree.n + 1) + keys[row]!;
  }
  const groups = groupRows(rows.subarray(0, count), calls);
  const byRun: number[][] = [];
  for (let group = 0; group < groups.count; group++) {
    const turns = groups.rows.subarray(groups.start[group], groups.start[group + 1]);
    if (turns.length < TURNS) continue;
    turns.sort();
    sortRows(turns, clock.start);
    byRun.push([...turns]);
  }
  return byRun;
}

function* growing(evidence: Evidence, turns: readonly number[]): Generator<readonly number[]> {
  const input = (row: number): number => evidence.trace.tokIn[row] ?? 0;
  let first = 0;
  for (let at = 1; at <= turns.length; at++) {
    const row = turns[at];
    if (row !== undefined && input(row) > input(turns[at - 1]!) && !isError(evidence, row)) continue;
    if (at - first >= TURNS) yield turns.slice(first, at);
    first = at;
  }
}

function isStuck({ trace }: Evidence, turns: readonly number[]): boolean {
  const input = (row: number): number => trace.tokIn[row] ?? 0;
  const outputs = turns.map((row) => trace.tokOut[row] ?? 0);
  const [first, last] = [input(turns[0]!), input(turns.at(-1)!)];
  if (last < LEAST_INPUT_TOKENS || last < GROWS_TO * first) return false;
  const usual = median([...outputs].sort((a, b) => a - b));
  if (outputs.at(-1)! > ANSWER_TIMES * usual) return false;
  return outputs.reduce((sum, tokens) => sum + tokens, 0) <= OUTPUT_SHARE * last;
}

function finding(evidence: Evidence, spans: readonly number[]): StuckContextFinding {
  const { trace } = evidence;
  const firstInputTokens = trace.tokIn[spans[0]!] ?? 0;
  const lastInputTokens = trace.tokIn[spans.at(-1)!] ?? 0;
  const written = spans.reduce((sum, row) => sum + (trace.tokOut[row] ?? 0), 0);
  return {
    kind: "stuck-context",
    severity: "warning",
    spans,
    firstInputTokens,
    lastInputTokens,
    text: `${whoOf(evidence, spans[0]!)} read more each turn, from ${firstInputTokens} to ${lastInputTokens} tokens in ${spans.length} turns, and wrote ${written}`,
  };
}
