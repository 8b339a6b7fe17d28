import type { ErrorFinding } from "../analysis.ts";
import { errorCauses } from "./error-causes.ts";
import { type Evidence, isError, nameOf, whoOf, whyOf } from "./evidence.ts";
import { LaterSuccesses } from "./later-successes.ts";

const NONE = -1;

interface Episode {
  readonly origin: number;
  /** The uppermost span that failed for it. */
  readonly top: number;
  readonly carriedBy: readonly number[];
  readonly swallowedBy: number;
}

/**
 * Where each error began, which spans above failed for it, and which went on in spite of it:
 *
 *     POST /chat            ok     swallowed here
 *     └─ ask_orders         ✗      carried
 *        └─ GET /orders     ✗      carried
 *           └─ GET /stock   ✗      began here
 *
 * The same call that failed several times, and was swallowed by the same sort of span, is one finding.
 */
export function findErrors(evidence: Evidence): ErrorFinding[] {
  const { trace, tree, clock, keys } = evidence;
  const laterSuccesses = new LaterSuccesses(evidence);
  const { cause, passes, isAlongside } = errorCauses(evidence, laterSuccesses);
  const goesUp = (row: number): boolean => isError(evidence, row) || passes[row] === 1;
  const groups = new Map<string, Episode[]>();
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    if (!goesUp(row)) continue;
    const parent = tree.parent[row]!;
    if (parent >= 0 && goesUp(parent) && (cause[parent] === row || isAlongside[row] === 1)) continue;
    const episode = episodeFrom(evidence, row, cause);
    const { origin, swallowedBy } = episode;
    const key = `${keys[origin]} ${trace.err[origin]} ${swallowedBy === NONE ? "" : keys[swallowedBy]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [episode]);
    else group.push(episode);
  }
  return [...groups.values()].map((episodes) => {
    episodes.sort((a, b) => clock.end[a.origin]! - clock.end[b.origin]!);
    return finding(evidence, episodes, laterSuccesses.has(episodes.at(-1)!.top));
  });
}

/** Down to where the error began that came up to `highest`, an error or a span that let one pass. */
function episodeFrom(evidence: Evidence, highest: number, cause: Int32Array): Episode {
  const failed: number[] = [];
  let swallowedBy = evidence.tree.parent[highest]!;
  for (let row = highest; row !== NONE; row = cause[row]!) {
    if (isError(evidence, row)) failed.push(row);
    else if (failed.length === 0) swallowedBy = row;
  }
  const [origin = highest, ...carriedBy] = failed.reverse();
  return { origin, top: carriedBy.at(-1) ?? origin, carriedBy, swallowedBy: Math.max(NONE, swallowedBy) };
}

function finding(evidence: Evidence, episodes: readonly Episode[], isRetried: boolean): ErrorFinding {
  const { origin, top, carriedBy, swallowedBy } = episodes[0]!;
  const times = episodes.length === 1 ? "" : ` ${episodes.length} times`;
  const began = `${whoOf(evidence, origin)}: ${nameOf(evidence, origin)} failed${times}${whyOf(evidence, origin)}`;
  const carried =
    carriedBy.length === 0 ? "" : `; ${nameOf(evidence, top)} of ${whoOf(evidence, top)} failed with it`;
  const isWhole = swallowedBy === NONE;
  const fate = isWhole
    ? "; no caller went on in spite of it"
    : `; ${nameOf(evidence, swallowedBy)} of ${whoOf(evidence, swallowedBy)} went on in spite of it`;
  return {
    kind: "error",
    severity: isWhole ? "error" : isRetried ? "info" : "warning",
    spans: episodes.map((episode) => episode.origin),
    carriedBy,
    swallowedBy,
    text: began + carried + fate,
  };
}
