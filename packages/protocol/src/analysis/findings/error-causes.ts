import { SPAN_FLAG } from "../../api/trace-columns.ts";
import { STATUS_OK } from "../span-role.ts";
import { childrenOf, type Evidence, isError } from "./evidence.ts";
import type { LaterSuccesses } from "./later-successes.ts";

/** What handles an error by itself takes longer than this to end after it. */
const PASSES_WITHIN_US = 10_000;
const NONE = -1;

/** Which error made which. */
export interface ErrorCauses {
  /** For each error the row right below whose error it carries on, or through which that came; -1 where it began here. */
  readonly cause: Int32Array;
  /** 1 for spans without an error of their own through which one seems to have gone up. */
  readonly passes: Uint8Array;
  /** 1 for spans that failed with the one that is the cause of the error above both: at its time, or as attempts of the same. */
  readonly isAlongside: Uint8Array;
}

/**
 * Of what failed below a span the last is to blame, for the span went on after the others; of those that went on at
 * the same time as the last, the first, for it may have had the others cancelled:
 *
 *     caller   ├───────────────────────✗┤
 *     a          ├──✗┤                        survived
 *     b                   ├───✗┤              the cause
 *     c                  ├─────✗┤             failed alongside
 *
 * Spans that set no status, as many that only carry a call, let an error pass that ends them.
 */
export function errorCauses(evidence: Evidence, laterSuccesses: LaterSuccesses): ErrorCauses {
  const { tree } = evidence;
  const cause = new Int32Array(tree.n).fill(NONE);
  const passes = new Uint8Array(tree.n);
  const isAlongside = new Uint8Array(tree.n);
  const hasFailedBelow = new Uint8Array(tree.n);
  for (let at = tree.n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const isFailed = isError(evidence, row);
    if (hasFailedBelow[row] === 1) {
      const below = causeBelow(evidence, row, laterSuccesses, passes, isAlongside);
      cause[row] = below;
      if (below !== NONE && !isFailed && letsPass(evidence, row, below)) passes[row] = 1;
    }
    const parent = tree.parent[row]!;
    if (parent >= 0 && (isFailed || passes[row] === 1)) hasFailedBelow[parent] = 1;
  }
  return { cause, passes, isAlongside };
}

function causeBelow(
  evidence: Evidence,
  row: number,
  laterSuccesses: LaterSuccesses,
  passes: Uint8Array,
  isAlongside: Uint8Array,
): number {
  const { tree, clock } = evidence;
  let last = NONE;
  let count = 0;
  for (let at = tree.childStart[row]!; at < tree.childStart[row + 1]!; at++) {
    const child = tree.childRows[at]!;
    if (!isError(evidence, child) && passes[child] === 0) continue;
    count++;
    if (last === NONE || clock.end[child]! >= clock.end[last]!) last = child;
  }
  if (last === NONE || laterSuccesses.has(last)) return NONE;
  if (count < 2) return last;
  const failed = childrenOf(evidence, row).filter((child) => isError(evidence, child) || passes[child] === 1);
  const isTogether = (child: number): boolean => clock.end[child]! > clock.start[last]!;
  const first = failed.reduce(
    (one, other) => (isTogether(other) && clock.end[other]! < clock.end[one]! ? other : one),
    last,
  );
  const { trace, keys } = evidence;
  for (const child of failed) {
    const isAttempt = keys[child] === keys[first] && trace.err[child] === trace.err[first];
    if (child !== first && (isAttempt || isTogether(child))) isAlongside[child] = 1;
  }
  return first;
}

/** Whether the error was the last that happened in the span. */
function letsPass({ trace, tree, clock }: Evidence, row: number, below: number): boolean {
  if (trace.status[row] === STATUS_OK || ((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) return false;
  if (clock.end[row]! > clock.end[below]! + PASSES_WITHIN_US) return false;
  const last = tree.childRows[tree.childStart[row + 1]! - 1]!;
  return clock.start[last]! <= clock.end[below]!;
}
