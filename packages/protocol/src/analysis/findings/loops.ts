import type { LoopFinding } from "../analysis.ts";
import { ROLE } from "../span-role.ts";
import { childCount, type Evidence, follows, isError, nameOf, whoOf } from "./evidence.ts";

/** Three equal turns happen by chance; with four, output and growth were the same three times in a row. */
const TIMES = 4;
/** Without tokens only names can be compared, which says little: so often does nobody repeat steps on purpose. */
const TIMES_WITHOUT_TOKENS = 8;
/** Longest sequence of steps that is looked for, as plan, search, read, judge. */
const MOST_STEPS = 4;
/** Outputs of a model that says the same again differ by a few tokens at most. */
const OUTPUT_SHARE = 0.05;
const OUTPUT_TOKENS = 2;
/** What the same call and the same result add to the input is the same but for numbers within. */
const GROWTH_SHARE = 0.05;
const GROWTH_TOKENS = 4;

/**
 * The same steps of one caller again and again, none of which fails, with the same output and the same growth of the
 * input each time. Who works through a list gets results of different lengths:
 *
 *     loop   chat 900→40  search  chat 1400→40  search  chat 1900→41  search  chat 2400→40     +500 each time
 *     list   chat 900→40  read    chat 2100→41  read    chat 2350→40  read    chat 4000→40     as long as the pages are
 */
export function findLoops(evidence: Evidence): LoopFinding[] {
  const found: LoopFinding[] = [];
  const { n } = evidence.tree;
  const room = new Int32Array(n);
  for (let parent = 0; parent <= n; parent++) {
    if (childCount(evidence, parent) < TIMES) continue;
    const steps = stepsOf(evidence, parent, room);
    if (steps.length >= TIMES) addLoops(evidence, steps, found);
  }
  return found;
}

/** In order of start, in `room`. */
function stepsOf(evidence: Evidence, parent: number, room: Int32Array): Int32Array {
  const { childStart, childRows } = evidence.tree;
  let count = 0;
  for (let at = childStart[parent]!; at < childStart[parent + 1]!; at++) {
    const row = childRows[at]!;
    if (isStep(evidence, row)) room[count++] = row;
  }
  return room.subarray(0, count);
}

/** What an agent does; what is between agents, models and tools only carries it out. */
function isStep({ roles, rollUps }: Evidence, row: number): boolean {
  return roles[row] !== ROLE.plain || rollUps.modelCalls[row]! > 0;
}

/** Short sequences are looked for first; what is part of one is part of no other. */
function addLoops(evidence: Evidence, steps: Int32Array, found: LoopFinding[]): void {
  const isTaken = new Uint8Array(steps.length);
  for (let period = 1; period <= MOST_STEPS; period++) addLoopsOf(evidence, steps, period, isTaken, found);
}

function addLoopsOf(
  evidence: Evidence,
  steps: Int32Array,
  period: number,
  isTaken: Uint8Array,
  found: LoopFinding[],
): void {
  let first = 0;
  for (let at = period; at <= steps.length; at++) {
    if (at < steps.length && isTaken[at - period] === 0 && repeats(evidence, steps, at, period, first))
      continue;
    const times = Math.floor((at - first) / period);
    if (times >= TIMES && isTaken[first] === 0) {
      const spans = steps.subarray(first, first + times * period);
      if (times >= timesNeeded(evidence, spans)) {
        found.push(loop(evidence, [...spans], times, period));
        isTaken.fill(1, first, first + spans.length);
      }
    }
    first = at - period + 1;
  }
}

/** Whether the step is that of one period before. */
function repeats(evidence: Evidence, steps: Int32Array, at: number, period: number, first: number): boolean {
  const row = steps[at]!;
  const before = steps[at - period]!;
  const { keys, rollUps } = evidence;
  if (keys[row] !== keys[before] || isError(evidence, row) || isError(evidence, before)) return false;
  if (!follows(evidence, steps[at - 1]!, row)) return false;
  const output = rollUps.outputTokens[row]!;
  const outputBefore = rollUps.outputTokens[before]!;
  if (!isNear(output, outputBefore, OUTPUT_SHARE * outputBefore, OUTPUT_TOKENS)) return false;
  if (at - 2 * period < first) return true;
  const input = rollUps.inputTokens;
  const growth = input[row]! - input[before]!;
  const growthBefore = input[before]! - input[steps[at - 2 * period]!]!;
  return isNear(growth, growthBefore, GROWTH_SHARE * Math.abs(growthBefore), GROWTH_TOKENS);
}

function isNear(a: number, b: number, share: number, least: number): boolean {
  return Math.abs(a - b) <= Math.max(share, least);
}

/** Infinite where no model takes part: programs repeat calls on purpose. */
function timesNeeded({ rollUps }: Evidence, spans: Int32Array): number {
  if (!spans.some((row) => rollUps.modelCalls[row]! > 0)) return Number.POSITIVE_INFINITY;
  return spans.some((row) => rollUps.outputTokens[row]! > 0) ? TIMES : TIMES_WITHOUT_TOKENS;
}

function loop(evidence: Evidence, spans: readonly number[], times: number, steps: number): LoopFinding {
  const names = [...new Set(spans.slice(0, steps).map((row) => nameOf(evidence, row)))];
  const isSeen = spans.some((row) => evidence.rollUps.outputTokens[row]! > 0);
  const same = isSeen ? "with outputs of the same length" : "as far as names tell";
  return {
    kind: "loop",
    severity: isSeen ? "warning" : "info",
    spans,
    times,
    steps,
    text: `${whoOf(evidence, spans[0]!)} did the same ${times} times: ${names.join(", ")}, ${same}`,
  };
}
