import type { Lane, LaneEdge, Lanes, SpanRows, TraceClock } from "@clew/protocol/analysis/analysis";
import { correctedClock, sentClock } from "@clew/protocol/analysis/clock";
import { laneEdges } from "@clew/protocol/analysis/edges";
import { namesHandOff } from "@clew/protocol/analysis/hand-offs";
import { lanesOf } from "@clew/protocol/analysis/lanes";
import { messageLinks } from "@clew/protocol/analysis/message-links";
import { agentRuns } from "@clew/protocol/analysis/runs";
import { spanRoles } from "@clew/protocol/analysis/span-role";
import { buildTree } from "@clew/protocol/analysis/tree";
import type { MapNodeType, MapScope } from "@clew/protocol/api/map";
import type { SpanTable } from "./span-table.ts";
import { traceRows } from "./trace-rows.ts";

/** What a lane is on the map: all instances of an agent, or of a service, are one. */
export interface LaneName {
  readonly type: Extract<MapNodeType, "agent" | "service">;
  readonly name: string;
}

/** One trace as the analysis sees it. */
export interface PlacedTrace {
  readonly clock: TraceClock;
  readonly lanes: Lanes;
  /** By lane. */
  readonly names: readonly LaneName[];
  readonly edges: readonly LaneEdge[];
  /** Moment that the clock counts from, microseconds of the Unix epoch, exact to a quarter of one. */
  readonly t0Us: number;
}

/** Which rows have the id of another one is nothing to lanes and edges. */
const NOT_ASKED = new Int32Array(0);

/** What the analysis says of a trace of the table, by its number. Nothing is kept: what lives longer costs more. */
export type PlaceTrace = (trace: number) => PlacedTrace;

export function placerOf(table: SpanTable, scope: MapScope): PlaceTrace {
  const { name, tool, start } = table.columns;
  const isHandOff = namesHandOff({
    dict: { name: name.texts, tool: tool.texts },
    name: name.indexes,
    tool: tool.indexes,
  } as unknown as SpanRows);
  return (trace) => {
    const rows = traceRows(table, trace, scope, isHandOff);
    const sent = sentClock(rows);
    const firstTree = buildTree(rows, sent.start, NOT_ASKED);
    const clock = correctedClock(rows, firstTree, sent);
    const tree = clock === sent ? firstTree : buildTree(rows, clock.start, NOT_ASKED);
    const lanes = lanesOf(rows, clock, agentRuns(rows, tree, clock, spanRoles(rows)));
    const first = table.rows[table.starts[trace]!]!;
    return {
      clock,
      lanes,
      names: lanes.lanes.map(nameOf),
      edges: laneEdges(rows, tree, clock, lanes, messageLinks(rows)),
      t0Us: (start[2 * first + 1]! * 2 ** 32 + start[2 * first]!) / 1000,
    };
  };
}

function nameOf({ agent, service }: Lane): LaneName {
  return agent === ""
    ? { type: "service", name: service || "unknown service" }
    : { type: "agent", name: agent };
}

/** How long something took that began with a span: its run, where it is what one begins with. */
export function tookUs({ clock, lanes: { runs } }: PlacedTrace, row: number): number {
  const run = runs.runOf[row]!;
  return (runs.entry[run] === row ? runs.end[run]! : clock.end[row]!) - clock.start[row]!;
}
