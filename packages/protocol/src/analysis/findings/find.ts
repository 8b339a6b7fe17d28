import type { Finding, Severity, StuckContextFinding } from "../analysis.ts";
import { findErrors } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import { findLoops } from "./loops.ts";
import { findPingPong } from "./ping-pong.ts";
import { findRetries } from "./retries.ts";
import { findSlowTails } from "./slow-tails.ts";
import { findStuckContexts } from "./stuck-context.ts";

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Everything worth a look, the gravest first, then by time. */
export function findings(evidence: Evidence): Finding[] {
  const loops = findLoops(evidence);
  const looping = new Set(loops.flatMap(({ spans }) => spans));
  const found: Finding[] = [
    ...findErrors(evidence),
    ...findRetries(evidence),
    ...loops,
    ...findPingPong(evidence),
    ...findStuckContexts(evidence).filter((stuck) => !isLooping(stuck, looping)),
    ...findSlowTails(evidence),
  ];
  const start = (finding: Finding): number => evidence.clock.start[finding.spans[0]!]!;
  return found.sort((a, b) => RANK[a.severity] - RANK[b.severity] || start(a) - start(b));
}

/** A loop that reads more each turn is told as a loop. */
function isLooping({ spans }: StuckContextFinding, looping: ReadonlySet<number>): boolean {
  return spans.filter((row) => looping.has(row)).length * 2 >= spans.length;
}
