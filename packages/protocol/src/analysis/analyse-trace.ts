import type { SpanRows, TraceAnalysis } from "./analysis.ts";
import { callKeys } from "./call-keys.ts";
import { correctedClock, sentClock } from "./clock.ts";
import { criticalPath } from "./critical-path.ts";
import { laneEdges } from "./edges.ts";
import { findings } from "./findings/find.ts";
import { lanesOf } from "./lanes.ts";
import { messageLinks } from "./message-links.ts";
import { rollUps } from "./roll-ups.ts";
import { agentRuns } from "./runs.ts";
import { spanEnds } from "./span-ends.ts";
import { spanRoles } from "./span-role.ts";
import { timeOwners } from "./time-owner.ts";
import { buildTree } from "./tree.ts";
import { laneWaits } from "./waits.ts";

/** Explains a trace. About 1 µs a span once the code is warm, three times that at first. Never throws. */
export function analyseTrace(trace: SpanRows): TraceAnalysis {
  const sent = sentClock(trace);
  const firstTree = buildTree(trace, sent.start);
  const clock = correctedClock(trace, firstTree, sent);
  // Siblings change places where clocks were corrected.
  const tree = clock === sent ? firstTree : buildTree(trace, clock.start, firstTree.duplicates);
  const roles = spanRoles(trace);
  const lanes = lanesOf(trace, clock, agentRuns(trace, tree, clock, roles));
  const sums = rollUps(trace, tree, lanes);
  const links = messageLinks(trace);
  const ends = spanEnds(trace, tree, clock);
  const owners = timeOwners(trace, tree, lanes, roles);
  const keys = callKeys(trace);
  return {
    tree,
    clock,
    rollUps: sums,
    lanes,
    edges: laneEdges(trace, tree, clock, lanes, links),
    criticalPath: criticalPath(trace, tree, clock, lanes, ends, owners, links),
    waits: laneWaits(trace, tree, clock, lanes, ends, owners),
    findings: findings({ trace, tree, clock, lanes, rollUps: sums, roles, keys }),
  };
}
