import type { RetryFinding } from "../analysis.ts";
import {
  childCount,
  childrenOf,
  type Evidence,
  follows,
  isError,
  nameOf,
  timeText,
  whoOf,
  whyOf,
} from "./evidence.ts";

/**
 * A call that works on one thing after the other fails at one of them and goes on, which looks like a retry. After
 * this many successes of the same call beside it, a lone failure is taken for that.
 */
const BATCH_FROM = 3;

/**
 * The same call by the same caller again, after it had failed and was over:
 *
 *     agent  ├───────────────────────────────────┤
 *     sql       ├──✗┤   ├──✗┤      ├────┤           3 attempts
 *     sql       ├──✗┤                               at once, one of which fails: no retry
 *     sql       ├───┤
 */
export function findRetries(evidence: Evidence): RetryFinding[] {
  const { tree, keys } = evidence;
  const found: RetryFinding[] = [];
  const hasFailedBelow = callersOfFailed(evidence);
  for (let parent = 0; parent <= tree.n; parent++) {
    if (hasFailedBelow[parent] === 0 || childCount(evidence, parent) < 2) continue;
    const byKey = new Map<number, number[]>();
    for (const row of childrenOf(evidence, parent)) {
      const same = byKey.get(keys[row]!);
      if (same === undefined) byKey.set(keys[row]!, [row]);
      else same.push(row);
    }
    for (const same of byKey.values()) {
      if (same.length > 1) for (const retry of retriesAmong(evidence, same)) found.push(retry);
    }
  }
  return found;
}

/** 1 for rows right below which a span failed. */
function callersOfFailed(evidence: Evidence): Uint8Array {
  const { n, parent } = evidence.tree;
  const isCaller = new Uint8Array(n + 1);
  for (let row = 0; row < n; row++) {
    if (isError(evidence, row)) isCaller[parent[row]! < 0 ? n : parent[row]!] = 1;
  }
  return isCaller;
}

function retriesAmong(evidence: Evidence, calls: readonly number[]): RetryFinding[] {
  const found: RetryFinding[] = [];
  const successes = calls.filter((row) => !isError(evidence, row)).length;
  for (let at = 0; at < calls.length; at++) {
    if (!isError(evidence, calls[at]!)) continue;
    const first = at;
    while (
      at + 1 < calls.length &&
      isError(evidence, calls[at]!) &&
      follows(evidence, calls[at]!, calls[at + 1]!)
    )
      at++;
    const attempts = calls.slice(first, at + 1);
    const succeeded = !isError(evidence, calls[at]!);
    const failures = attempts.length - (succeeded ? 1 : 0);
    if (attempts.length < 2 || (failures === 1 && successes > BATCH_FROM)) continue;
    found.push(retry(evidence, attempts, failures, succeeded));
  }
  return found;
}

function retry(
  evidence: Evidence,
  spans: readonly number[],
  failures: number,
  succeeded: boolean,
): RetryFinding {
  const { clock } = evidence;
  const first = spans[0]!;
  const lostUs = clock.start[spans.at(-1)!]! - clock.start[first]!;
  const times = failures === 1 ? "once" : `${failures} times`;
  const outcome = succeeded ? "then succeeded" : "and never succeeded";
  return {
    kind: "retry",
    severity: succeeded ? "info" : "warning",
    spans,
    failures,
    succeeded,
    lostUs,
    text: `${whoOf(evidence, first)}: ${nameOf(evidence, first)} failed ${times} ${outcome}, after ${timeText(lostUs)}${whyOf(evidence, first)}`,
  };
}
