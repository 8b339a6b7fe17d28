import type { Tokens } from "./trace-item.ts";

/** Whose map: of agents, with services where no agent is known, or of services alone. */
export const MAP_SCOPES = ["agents", "services"] as const;
export type MapScope = (typeof MAP_SCOPES)[number];

/** What may be asked for in addition. */
export const MAP_LEAVES = ["tools", "models"] as const;
export type MapLeaves = (typeof MAP_LEAVES)[number];

/** Who called whom in all traces that began in a stretch of time, each trace with all its spans. */
export interface MapAnswer {
  readonly scope: MapScope;
  /** The stretch, Unix epoch in milliseconds: from inclusive, to exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Traces that were looked at. */
  readonly traceCount: number;
  /** The most called first; empty when no trace began in the stretch. */
  readonly nodes: readonly MapNode[];
  /** The most frequent first; between nodes that are told. */
  readonly edges: readonly MapEdge[];
  /** Present when a focus was asked for. */
  readonly focus?: MapFocus;
  /** Set when not all traces were looked at: those that began before `fromMs` were not. */
  readonly partial?: {
    /** `time`: it took as long as a query may. `size`: it would read more than a query may. */
    readonly reason: "time" | "size";
    readonly fromMs: number;
  };
  /** Traces that were left out because they have more than 100,000 spans. */
  readonly tooLarge?: number;
  /** Set when there are more nodes or edges than one answer carries. */
  readonly truncated?: { readonly nodes: number; readonly edges: number };
  readonly tookMs: number;
}

/** What the focus is. */
export interface MapFocus {
  /** Of nodes with that key or name; empty when there is none, and then there are no nodes. */
  readonly keys: readonly string[];
  /** A name that is there and much like the one that is not. */
  readonly nearest?: string;
}

export type MapNodeType = "agent" | "service" | "tool" | "model";

export interface MapNode {
  /** Type and name, as `agent:planner`. */
  readonly key: string;
  readonly type: MapNodeType;
  readonly name: string;
  /**
   * How often it ran: for an agent and a service runs, with those that nobody called. What is running counts when it
   * has ended; 0 as well for one that is only known to have sent something to another.
   */
  readonly calls: number;
  /** Calls whose span, the one a run begins with, has an error. */
  readonly errors: number;
  /** `errors / calls`, 0 to 1. */
  readonly errRate: number;
  /** How long calls took, to 1 %; null without a call. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Of its own model calls. */
  readonly tokens: Tokens;
  readonly costUsd: number;
}

export interface MapEdge {
  /** Keys of nodes; the same twice for an agent that calls another instance of itself. */
  readonly from: string;
  readonly to: string;
  /** A hand-off is a call whose caller ends without waiting; a message goes through a queue or is a link of spans. */
  readonly type: "call" | "hand-off" | "message";
  readonly calls: number;
  readonly errors: number;
  readonly errRate: number;
  /** How long what it began on the other side took, to 1 %. */
  readonly p95Ms: number;
  /** From sending to receiving, to 1 %; only of what is not waited for. */
  readonly queueP95Ms?: number;
}
