import type { Signal } from "../signal.ts";

/** What became of one request that somebody sent to a receiver. */
export interface IngestEvent {
  /** Rises by one with every event since the server started. */
  readonly seq: number;
  readonly atMs: number;
  readonly ok: boolean;
  /** HTTP status; a gRPC answer's nearest one. */
  readonly code: number;
  readonly transport: "grpc" | "http";
  /** `/v1/traces`, `/api/v2/spans`, a gRPC method, or whatever unknown path was asked for. */
  readonly path: string;
  readonly contentType: string;
  /** Absent when it could not be told. */
  readonly signal?: Signal;
  /** Spans, log records or data points taken. */
  readonly records: number;
  /** Records refused by `partial_success`. */
  readonly rejected: number;
  /** First `service.name` of the request; empty when it has none. */
  readonly service: string;
  /** What to change; empty when nothing. */
  readonly hint: string;
}

export interface SignalCounters {
  readonly requests: number;
  readonly records: number;
  readonly rejected: number;
}

/** Sums since the server started. */
export interface IngestCounters {
  readonly sinceMs: number;
  readonly signals: Readonly<Record<Signal, SignalCounters>>;
  /** Requests refused as a whole, with the reason as told to the sender. */
  readonly refusals: readonly { readonly code: number; readonly reason: string; readonly count: number }[];
  readonly sources: readonly {
    readonly service: string;
    readonly records: number;
    readonly rejected: number;
    readonly lastAtMs: number;
  }[];
}
