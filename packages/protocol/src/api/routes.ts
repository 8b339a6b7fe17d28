/** Paths of the HTTP API. `:name` is a parameter; `pathOf` fills it in. */
export const ROUTES = {
  setup: "/api/v1/setup",
  status: "/api/v1/status",
  settings: "/api/v1/settings",
  resolve: "/api/v1/resolve",
  demo: "/api/v1/demo",
  ingestCounters: "/api/v1/ingest",
  ingestEvents: "/api/v1/ingest/events",
  traces: "/api/v1/traces",
  traceStream: "/api/v1/traces/stream",
  traceFacets: "/api/v1/traces/facets",
  trace: "/api/v1/traces/:trace",
  span: "/api/v1/traces/:trace/spans/:span",
  transcript: "/api/v1/traces/:trace/transcript",
  sessions: "/api/v1/sessions",
  session: "/api/v1/sessions/:session",
  tasks: "/api/v1/tasks",
  task: "/api/v1/tasks/:task",
  search: "/api/v1/search",
  metricsQuery: "/api/v1/metrics/query",
  metricNames: "/api/v1/metrics/names",
  storedMetric: "/api/v1/metrics/stored",
  map: "/api/v1/map",
  logs: "/api/v1/logs",
  logHistogram: "/api/v1/logs/histogram",
  exportTraces: "/api/v1/export/traces",
  exportLogs: "/api/v1/export/logs",
  exportMetrics: "/api/v1/export/metrics",
  healthz: "/healthz",
  readyz: "/readyz",
} as const;

export type RouteName = keyof typeof ROUTES;

type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** The values a route's path needs, by name. */
export type PathParameters<Name extends RouteName> = Record<ParameterOf<(typeof ROUTES)[Name]>, string>;

/** The path of a route with its parameters percent-encoded. */
export function pathOf<Name extends RouteName>(name: Name, parameters: PathParameters<Name>): string {
  const values: Record<string, string> = parameters;
  return ROUTES[name].replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(values[key] ?? ""));
}
