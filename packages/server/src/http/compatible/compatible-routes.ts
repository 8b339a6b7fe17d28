import type { Hono } from "hono";
import type { CompatibleQueries } from "../../query/compatible/compatible-queries.ts";
import type { ApiEnv } from "../api-options.ts";
import type { RequestSignals } from "../request-signal.ts";
import { jaegerRoutes } from "./jaeger/jaeger-routes.ts";
import { tempoMetricsRoutes } from "./tempo/tempo-metrics-routes.ts";
import { tempoSearchRoutes } from "./tempo/tempo-search-routes.ts";
import { tempoTagRoutes } from "./tempo/tempo-tag-routes.ts";
import { tempoTraceRoutes } from "./tempo/tempo-trace-routes.ts";
import { zipkinRoutes } from "./zipkin/zipkin-routes.ts";

/** What the compatible APIs need to answer. */
export interface CompatibleContext {
  readonly queries: CompatibleQueries;
  readonly signals: RequestSignals;
  /** Of the server. */
  readonly version: string;
}

/** Read-only APIs of other trace stores, so that their clients can ask this server. */
export function compatibleRoutes(app: Hono<ApiEnv>, context: CompatibleContext): void {
  tempoTraceRoutes(app, context);
  tempoTagRoutes(app, context);
  tempoSearchRoutes(app, context);
  tempoMetricsRoutes(app, context);
  jaegerRoutes(app, context);
  zipkinRoutes(app, context);
}
