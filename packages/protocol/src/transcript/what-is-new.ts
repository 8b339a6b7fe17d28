/** All that a model had been told and had said when an earlier call was done, as keys of parts. */
export interface History {
  readonly keys: readonly number[];
  /** How many of them it was told; those behind are its answer. */
  readonly told: number;
}

/**
 * How what a model is told continues a history. Of the told parts these are in the history: those before `kept`, and
 * those from `again` up to `againEnd`, which are the same as in the history from `againIn` on. All others are new.
 *
 *     history   system question a b c d answer
 *     told      system question SUMMARY  d answer NEW      kept 2, again 3, againEnd 5, againIn 5
 */
export interface Continuation {
  /** Index of the history; -1 when none is continued, so that everything is new. */
  readonly of: number;
  readonly kept: number;
  readonly again: number;
  readonly againEnd: number;
  readonly againIn: number;
  /** Parts of the history that are told no longer. */
  readonly dropped: number;
}

/** Of the parts that a history ends with, so many are looked for: an answer is not always kept. */
const ENDS = 6;
/** Places at which the end of a history is looked for. */
const MOST_PLACES = 16;

/**
 * Finds the history that is continued: the one with most parts told again, the latest of equals. Who begins anew has to
 * be told all of a history again for it to count: a second question is not the first because it begins with the same
 * words. Linear in the length of each history.
 */
export function whatIsNew(
  told: readonly number[],
  histories: readonly History[],
  beginsAnew: boolean,
): Continuation {
  let best: Continuation = { of: -1, kept: 0, again: 0, againEnd: 0, againIn: 0, dropped: 0 };
  let most = 0;
  for (let of = histories.length - 1; of >= 0; of--) {
    const history = histories[of]!;
    const found = continuation(told, history.keys, of);
    const had = found.kept + found.againEnd - found.again;
    if (had <= most || (beginsAnew && (found.kept < history.told || told.length === history.told))) continue;
    most = had;
    best = found;
  }
  return best;
}

function continuation(told: readonly number[], history: readonly number[], of: number): Continuation {
  const most = Math.min(told.length, history.length);
  let kept = 0;
  while (kept < most && told[kept] === history[kept]) kept++;
  let [again, againEnd, againIn] = [kept, kept, kept];
  if (kept < history.length && kept < told.length) {
    for (let end = history.length; end > Math.max(kept, history.length - ENDS); end--) {
      const [from, to] = longestUpTo(told, history, kept, end);
      if (to - from <= againEnd - again) continue;
      [again, againEnd, againIn] = [from, to, end - (to - from)];
    }
  }
  const dropped = history.length - kept - (againEnd - again);
  return { of, kept, again, againEnd, againIn, dropped };
}

/** Where in `told`, behind `kept`, most of what the history has before `end` stands. */
function longestUpTo(
  told: readonly number[],
  history: readonly number[],
  kept: number,
  end: number,
): readonly [from: number, to: number] {
  let best: readonly [number, number] = [kept, kept];
  let places = 0;
  for (let at = told.length - 1; at >= kept && places < MOST_PLACES; at--) {
    if (told[at] !== history[end - 1]) continue;
    places++;
    let length = 1;
    while (at - length >= kept && end - 1 - length >= kept && told[at - length] === history[end - 1 - length])
      length++;
    if (length > best[1] - best[0]) best = [at + 1 - length, at + 1];
  }
  return best;
}
