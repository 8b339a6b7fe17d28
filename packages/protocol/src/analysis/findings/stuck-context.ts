import { SPAN_FLAG } from "../../api/trace-columns.ts";
import type { StuckContextFinding } from "../analysis.ts";
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
  const byRun = new Map<number, Map<number, number[]>>();
  for (const row of tree.order) {
    const flags = trace.flags[row] ?? 0;
    if (roles[row] !== ROLE.model || (flags & SPAN_FLAG.counted) === 0) continue;
    if ((flags & SPAN_FLAG.running) !== 0 || !((trace.tokIn[row] ?? 0) > 0)) continue;
    const run = lanes.runs.runOf[row]!;
    let byKey = byRun.get(run);
    if (byKey === undefined) byRun.set(run, (byKey = new Map()));
    const turns = byKey.get(keys[row]!);
    if (turns === undefined) byKey.set(keys[row]!, [row]);
    else turns.push(row);
  }
  return [...byRun.values()]
    .flatMap((byKey) => [...byKey.values()])
    .filter((turns) => turns.length >= TURNS)
    .map((turns) => turns.sort((a, b) => clock.start[a]! - clock.start[b]! || a - b));
}

function* growing(evidence: Evidence, turns: readonly number[]): Generator<readonly number[]> {
  const input = (row: number): number => evidence.trace.tokIn[row] ?? 0;
  let first = 0;
  for (let at = 1; at <= turns.length; at++) {
    const [row, before] = [turns[at], turns[at - 1]!];
    if (row !== undefined && input(row) > input(before) && !isError(evidence, row)) continue;
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
