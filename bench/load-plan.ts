import type { Profile } from "./agent-spans.ts";
import type { SentTrace } from "./template.ts";

/** What a load process is to send. It ends at `spans` or after `seconds`, whichever comes first. */
export interface LoadPlan {
  readonly protocol: "grpc" | "http";
  readonly port: number;
  readonly spansPerRequest: number;
  readonly profile: Profile;
  readonly seed: number;
  /** Spans a second; as fast as answers come where unset. */
  readonly rate?: number;
  readonly spans?: number;
  readonly seconds?: number;
  /** Requests that may wait for their answer at the same time. */
  readonly inFlight: number;
  readonly connections: number;
  /** Span times run evenly over this stretch instead of being now; needs `spans`. */
  readonly clock?: { readonly fromMs: number; readonly toMs: number };
  /** Traces to report at the end, spread evenly over the run. */
  readonly keep?: number;
  /** Traces a second to report when their last span was acknowledged. */
  readonly announce?: number;
  /** Sends one trace of `spans` spans instead. */
  readonly largeTrace?: boolean;
}

export interface LatencyMs {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadResult {
  readonly sentSpans: number;
  /** Acknowledged without a word of rejection. */
  readonly acknowledgedSpans: number;
  readonly rejectedSpans: number;
  /** Requests that were answered with a failure, by what the answer said. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly refusedSpans: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** From when a request was due to its answer; with a rate, waiting for a free place counts. */
  readonly latency: LatencyMs;
  readonly kept: readonly SentTrace[];
  /** Processor time of the load process, without making up the spans. */
  readonly cpuSeconds: number;
}

export type LoadMessage =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly acknowledgedSpans: number; readonly refusedSpans: number }
  | { readonly type: "acknowledged"; readonly trace: SentTrace; readonly atMs: number }
  | { readonly type: "result"; readonly result: LoadResult };

export type LoadOrder = { readonly type: "go" } | { readonly type: "stop" };
