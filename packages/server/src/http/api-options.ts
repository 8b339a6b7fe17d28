import type { DemoStatus } from "@clew/protocol/api/demo";
import type { IngestCounters, IngestEvent } from "@clew/protocol/api/ingest-event";
import type { ServerSettings } from "@clew/protocol/api/server-settings";
import type { PipelineStatus, Setup } from "@clew/protocol/api/server-status";
import type { Logger } from "../log.ts";
import type { CompatibleQueries } from "../query/compatible/compatible-queries.ts";
import type { LiveTraces } from "../query/live-traces.ts";
import type { TraceMetrics } from "../query/prometheus/trace-metrics.ts";
import type { Queries } from "../query/queries.ts";

/** What the receivers tell about what they were sent. */
export interface IngestFeed {
  /** The newest events, oldest first. */
  recent(): readonly IngestEvent[];
  /** Calls back with each event from now on, until the function returned is called. */
  subscribe(listener: (event: IngestEvent) => void): () => void;
  counters(): IngestCounters;
}

/** Runs agents that show what traces look like. */
export interface Demo {
  readonly status: DemoStatus;
  /** Begins, unless it is running, and returns at once. */
  start(): DemoStatus;
}

/** What requests carry through their handlers. */
export interface ApiEnv {
  Variables: {
    /** Names the request in answers and in the log. */
    requestId: string;
  };
}

/** What the API needs from whoever composes the server. */
export interface ApiOptions {
  readonly queries: Queries;
  /** Answers what clients of Tempo, Jaeger and Zipkin ask; without it those paths are unknown. */
  readonly compatible?: CompatibleQueries;
  /** Figures for Prometheus; without them its path is unknown. */
  readonly traceMetrics?: TraceMetrics;
  readonly live: LiveTraces;
  readonly ingest: IngestFeed;
  readonly pipelineStatus?: () => PipelineStatus;
  /** What the server runs with; without it the path is unknown. */
  readonly settings?: () => ServerSettings;
  /** Without it the path is unknown. */
  readonly demo?: Demo;
  readonly version: string;
  /** Where OTLP is accepted; asked with every request, because ports may be picked late. */
  readonly otlp: () => Setup["otlp"];
  /** Whether the server takes what it is sent. */
  readonly isReady: () => boolean;
  readonly token?: string | undefined;
  /** Origins of other sites whose pages may ask; `*` for all. Default none. */
  readonly corsOrigins?: readonly string[];
  /** Names by which the server may be called besides addresses and local names, e.g. the configured host. */
  readonly allowedHosts?: readonly string[];
  /** Folder of the files of the user interface; default the one of `@clew/web`, which a checkout builds. */
  readonly webFolder?: string;
  /** Milliseconds any answer but a stream may take; default 60,000. */
  readonly requestTimeoutMs?: number;
  readonly log: Logger;
}
