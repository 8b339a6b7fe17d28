import type { TraceAnalysis, Wait } from "@clew/protocol/analysis/analysis";
import { duration } from "../format/quantities.ts";

/** How long the runs of a lane took, and what that went into. */
export interface LaneTime {
  readonly lane: number;
  readonly us: number;
  /** The longest first. */
  readonly parts: readonly Wait[];
}

/** By lane; lanes without any time are there too. */
export function laneTimes({ lanes, waits }: Pick<TraceAnalysis, "lanes" | "waits">): LaneTime[] {
  const parts: Wait[][] = lanes.lanes.map(() => []);
  for (const wait of waits) parts[wait.lane]?.push(wait);
  return parts.map((own, lane) => ({
    lane,
    us: own.reduce((sum, { us }) => sum + us, 0),
    parts: own.sort((a, b) => b.us - a.us),
  }));
}

/** `30.4 s waiting for researcher`, `3.1 s self`. */
export function partText(wait: Wait): string {
  return `${duration(wait.us / 1000)} ${targetText(wait)}`;
}

export function targetText({ kind, onLane, on }: Pick<Wait, "kind" | "onLane" | "on">): string {
  if (kind === "waiting") return onLane < 0 ? `call ${on}` : `waiting for ${on}`;
  if (kind === "queue") return `in a queue, until ${on}`;
  return kind === "self" || kind === "idle" || on === "" ? kind : `${kind} ${on}`;
}

/** What a column of the matrix is about: a kind of time, or a lane that is waited for. */
export interface WaitColumn {
  readonly kind: Wait["kind"];
  /** -1 for none. */
  readonly onLane: number;
  readonly label: string;
}

export interface WaitMatrix {
  readonly columns: readonly WaitColumn[];
  readonly rows: readonly {
    readonly lane: number;
    readonly us: number;
    /** Microseconds by column. */
    readonly cells: readonly number[];
  }[];
}

const KINDS: readonly WaitColumn[] = [
  { kind: "self", onLane: -1, label: "self" },
  { kind: "model", onLane: -1, label: "model" },
  { kind: "tool", onLane: -1, label: "tool" },
  { kind: "queue", onLane: -1, label: "queue" },
  { kind: "waiting", onLane: -1, label: "other calls" },
  { kind: "idle", onLane: -1, label: "idle" },
];

/** Who waited for whom: lanes by what their time went into. Columns and rows without any time are left out. */
export function waitMatrix(analysis: Pick<TraceAnalysis, "lanes" | "waits">): WaitMatrix {
  const times = laneTimes(analysis).filter(({ us }) => us > 0);
  const all = [
    ...KINDS,
    ...analysis.lanes.lanes.map(
      ({ label }, onLane): WaitColumn => ({ kind: "waiting", onLane, label: `for ${label}` }),
    ),
  ];
  const indexOf = ({ kind, onLane }: Wait): number =>
    kind === "waiting" && onLane >= 0
      ? KINDS.length + onLane
      : KINDS.findIndex((column) => column.kind === kind);
  const sums = new Float64Array(all.length);
  for (const { parts } of times) for (const part of parts) sums[indexOf(part)]! += part.us;
  const kept = [...all.keys()].filter((column) => sums[column]! > 0);
  const placeOf = new Map(kept.map((column, place) => [column, place]));
  return {
    columns: kept.map((column) => all[column]!),
    rows: times.map(({ lane, us, parts }) => {
      const cells = kept.map(() => 0);
      for (const part of parts) cells[placeOf.get(indexOf(part))!]! += part.us;
      return { lane, us, cells };
    }),
  };
}
