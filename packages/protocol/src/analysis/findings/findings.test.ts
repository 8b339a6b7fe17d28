import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "../analyse-trace.ts";
import type { Finding, FindingKind } from "../analysis.ts";
import { ERRORS } from "../testing/labelled/errors.ts";
import type { Labelled } from "../testing/labelled/labelled.ts";
import { LOOPS } from "../testing/labelled/loops.ts";
import { PING_PONGS } from "../testing/labelled/ping-pongs.ts";
import { RETRIES } from "../testing/labelled/retries.ts";
import { SLOW_TAILS } from "../testing/labelled/slow-tails.ts";
import { STUCK_CONTEXTS } from "../testing/labelled/stuck-contexts.ts";
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

test("each kind has six traces with it and six near misses at least, and is found in all the right ones only", (context) => {
  for (const kind of KINDS) {
    const own = LABELLED[kind];
    assert.ok(own.filter(({ has }) => has.includes(kind)).length >= 6, kind);
    assert.ok(own.filter(({ has }) => !has.includes(kind)).length >= 6, kind);
  }
  for (const kind of KINDS) {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    for (const labelled of Object.values(LABELLED).flat()) {
      const isFound = findingsIn(labelled).some((finding) => finding.kind === kind);
      const isThere = labelled.has.includes(kind);
      if (isFound && isThere) right++;
      else if (isFound) wrong++;
      else if (isThere) missed++;
    }
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    context.diagnostic(
      `${kind}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)} (${right} of ${right + missed}, ${wrong} wrong)`,
    );
    assert.ok(precision >= 0.95 && recall >= 0.95, kind);
  }
});
