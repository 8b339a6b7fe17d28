import type { Config, ConfigInput } from "../../config/load-config.ts";
import { type Api, createApi } from "../../http/api.ts";
import type { IngestEvents } from "../../ingest/events.ts";
import type { Pipeline } from "../../ingest/pipeline.ts";
import type { Logger } from "../../log.ts";
import { CompatibleQueries } from "../../query/compatible/compatible-queries.ts";
import { LiveTraces } from "../../query/live-traces.ts";
import { TraceMetrics } from "../../query/prometheus/trace-metrics.ts";
import { Queries } from "../../query/queries.ts";
import type { Store } from "../../store/store.ts";
import { DemoRunner } from "../demo/demo-runner.ts";
import type { Endpoints } from "./banner.ts";
import { shownSettings } from "./shown-settings.ts";

export interface ApiParts {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly events: IngestEvents;
  readonly isReady: () => boolean;
  readonly endpoints: () => Pick<Endpoints, "grpc" | "http">;
  /** Where the configuration came from; without it there is no demonstration. */
  readonly input?: ConfigInput | undefined;
}

/** Joins what the API asks with those who know. */
export function composeApi(parts: ApiParts): Api {
  const { config, version, log, store, pipeline, events, isReady, endpoints, input } = parts;
  const queries = new Queries(store);
  const live = new LiveTraces(store, {
    onError: (error) =>
      log.warn({ error }, "traces that changed could not be read; they are looked at again"),
  });
  pipeline.onStored(({ traceIds }) => live.changed(traceIds));
  const traceMetrics = new TraceMetrics(store, {
    onError: (error) => log.warn({ error }, "figures for Prometheus could not be brought up to date"),
  });
  pipeline.onStored((stored) => traceMetrics.onStored(stored));
  const demo =
    input &&
    new DemoRunner({
      ...{ input, log, token: config.token },
      receiver: () => endpoints().http,
      tracesOfSession: async (session, signal) =>
        (await queries.findTraces({ conditions: { ids: { session: [session] } }, limit: 10, signal })).items,
    });
  const shown = shownSettings(config);
  const api = createApi({
    ...{ version, log, live, isReady, traceMetrics },
    queries,
    ...(demo && { demo }),
    settings: () => shown,
    compatible: new CompatibleQueries(store),
    ingest: events,
    pipelineStatus: () => {
      const { duplicates, logBytes, trouble } = pipeline.status;
      return { duplicates, logBytes, ...(trouble !== undefined && { trouble }) };
    },
    otlp: () => ({ ...endpoints(), auth: config.token !== undefined }),
    token: config.token,
    corsOrigins: config.cors.origins,
    allowedHosts: [config.host],
  });
  return {
    fetch: api.fetch,
    close: () => {
      demo?.close();
      api.close();
    },
  };
}
