/** What an id may be the id of. */
export type ResolvedKind =
  | "trace"
  | "span"
  | "session"
  | "conversation"
  | "task"
  | "testCase"
  | "testRun"
  | "user";

/** Something stored that has the id that was asked for. */
export interface ResolvedId {
  readonly kind: ResolvedKind;
  /** The whole id. */
  readonly id: string;
  /** Of a span: the trace it belongs to. */
  readonly traceId?: string;
}

export interface ResolveAnswer {
  /** Spans and traces first; empty where nothing has the id. At most 16. */
  readonly items: readonly ResolvedId[];
  /** False where not all spans could be looked at in time. */
  readonly isComplete: boolean;
}
