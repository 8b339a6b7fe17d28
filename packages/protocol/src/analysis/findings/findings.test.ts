import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "../analyse-trace.ts";
import type { Finding, FindingKind } from "../analysis.ts";
import { generatedTrace } from "../testing/generated.ts";
import { ERRORS } from "../testing/labelled/errors.ts";
import type { Labelled } from "../testing/labelled/labelled.ts";
import { LOOPS } from "../testing/labelled/loops.ts";
import { PING_PONGS } from "../testing/labelled/ping-pongs.ts";
import { RETRIES } from "../testing/labelled/retries.ts";
import { SLOW_TAILS } from "../testing/labelled/slow-tails.ts";
import { STUCK_CONTEXTS } from "../testing/labelled/stuck-contexts.ts";
import { Random } from "../testing/random.ts";
import { traceOf } from "../testing/trace-builder.ts";

const LABELLED: Readonly<Record<FindingKind, readonly Labelled[]>> = {
  retry: RETRIES,
  loop: LOOPS,
  "ping-pong": PING_PONGS,
  "stuck-context": STUCK_CONTEXTS,
  "slow-tail": SLOW_TAILS,
  error: ERRORS,
};
const KINDS = Object.keys(LABELLED) as FindingKind[];

function findingsIn({ tops }: Labelled): readonly Finding[] {
  return analyseTrace(traceOf(...tops)).findings;
}

for (const [kind, all] of Object.entries(LABELLED) as [FindingKind, readonly Labelled[]][]) {
  for (const labelled of all) {
    test(`${kind}: ${labelled.title}`, () => {
      const found = findingsIn(labelled).map((finding) => finding.kind);
      assert.deepEqual(found.sort(), [...labelled.has].sort());
    });
  }
}

test("each kind has six traces with it and six near misses at least", () => {
  for (const kind of KINDS) {
    const own = LABELLED[kind];
    assert.ok(own.filter(({ has }) => has.includes(kind)).length >= 6, kind);
    assert.ok(own.filter(({ has }) => !has.includes(kind)).length >= 6, kind);
  }
});

/** Says how well each kind is found in all of them, and that it is found well enough. */
function judge(traces: readonly Labelled[], least: number, say: (line: string) => void): void {
  const found = traces.map((labelled) => new Set(findingsIn(labelled).map(({ kind }) => kind)));
  for (const kind of KINDS) {
    const isRight = traces.filter(({ has }, at) => has.includes(kind) && found[at]!.has(kind)).length;
    const isFound = found.filter((kinds) => kinds.has(kind)).length;
    const isThere = traces.filter(({ has }) => has.includes(kind)).length;
    const [precision, recall] = [isRight / isFound, isRight / isThere];
    say(
      `${kind}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, in ${isThere} of ${traces.length}`,
    );
    assert.ok(precision >= least && recall >= least, kind);
  }
}

test("over all labelled traces every kind is found where it is, and nowhere else", (context) => {
  judge(Object.values(LABELLED).flat(), 0.95, (line) => context.diagnostic(line));
});

test("in traces drawn at random, with one kind or none put into each, nine of ten findings are right", (context) => {
  const kinds = [...KINDS, undefined];
  const traces = Array.from({ length: 700 }, (_, seed) =>
    generatedTrace(new Random(seed + 1), kinds[seed % kinds.length]),
  );
  judge(traces, 0.9, (line) => context.diagnostic(line));
});
