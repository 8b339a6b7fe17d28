import type { IngestCounters } from "./ingest-event.ts";

/** What a first visitor needs to send something. */
export interface Setup {
  readonly version: string;
  /** Base URLs where OTLP is accepted; absent when that receiver is off. */
  readonly otlp: { readonly http?: string; readonly grpc?: string; readonly auth: boolean };
  /** Also true while the store does not answer. */
  readonly hasData: boolean;
}

export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly diskBytes: number;
}

/** What happens between the acknowledgement of a request and its being found. */
export interface PipelineStatus {
  /** Records left out because they had come before. */
  readonly duplicates: number;
  /** What is in the durable log and not in the store yet. */
  readonly logBytes: number;
  /** Why storing does not advance; absent while it does. */
  readonly trouble?: { readonly message: string; readonly sinceMs: number };
}

export interface ServerStatus {
  readonly version: string;
  readonly uptimeMs: number;
  readonly store: { readonly state: string; readonly location: string };
  /** Absent while the store does not answer. */
  readonly stored?: {
    readonly spans: number;
    readonly traces: number;
    readonly logs: number;
    readonly metricPoints: number;
    readonly diskBytes: number;
    readonly tables: readonly TableSize[];
    /** Start of the earliest and latest span stored; absent when there is none. */
    readonly oldestMs?: number;
    readonly newestMs?: number;
  };
  readonly ingest: IngestCounters;
  readonly pipeline?: PipelineStatus;
}
