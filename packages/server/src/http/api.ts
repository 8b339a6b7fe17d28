import { randomBytes } from "node:crypto";
import { ROUTES } from "@clew/protocol/api/routes";
import { Hono } from "hono";
import { answerError } from "./answer-error.ts";
import type { ApiEnv, ApiOptions } from "./api-options.ts";
import { compatibleRoutes } from "./compatible/compatible-routes.ts";
import { COMPATIBLE_PREFIXES, isCompatible } from "./compatible/error-shape.ts";
import { guardOrigins, requireToken } from "./guard.ts";
import { RouteNotFound } from "./http-errors.ts";
import { prometheusRoutes } from "./prometheus/prometheus-routes.ts";
import { demoRoutes } from "./routes/demo-routes.ts";
import { exportRoutes } from "./routes/export-routes.ts";
import { groupRoutes } from "./routes/group-routes.ts";
import { logRoutes } from "./routes/log-routes.ts";
import { mapRoutes } from "./routes/map-routes.ts";
import { metricsRoutes } from "./routes/metrics-routes.ts";
import { resolveRoutes } from "./routes/resolve-routes.ts";
import { searchRoutes } from "./routes/search-routes.ts";
import { serverRoutes } from "./routes/server-routes.ts";
import { settingsRoutes } from "./routes/settings-routes.ts";
import { storedMetricsRoutes } from "./routes/stored-metrics-routes.ts";
import { traceRoutes } from "./routes/trace-routes.ts";
import { transcriptRoutes } from "./routes/transcript-routes.ts";
import { WebPage } from "./web-page.ts";

/** The API and the user interface as a function from request to answer. */
export interface Api {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Ends streams and refuses what still comes; answers under way fail as `shutting_down`. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Everything is forbidden that the user interface does not need; what it shows may be hostile. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

export function createApi(options: ApiOptions): Api {
  const closing = new AbortController();
  const signals = { closing: closing.signal, timeoutMs: options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS };
  const page = new WebPage(options.webFolder);
  const app = new Hono<ApiEnv>();

  app.use(async (context, next) => {
    context.set("requestId", randomBytes(6).toString("hex"));
    context.header("X-Request-Id", context.get("requestId"));
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    await next();
  });
  app.get(ROUTES.healthz, (context) => context.text("ok\n"));
  app.get(ROUTES.readyz, (context) =>
    options.isReady() ? context.text("ready\n") : context.text("not ready\n", 503, { "Retry-After": "1" }),
  );
  const { token, corsOrigins = [], allowedHosts = [] } = options;
  app.use(guardOrigins({ token, corsOrigins, allowedHosts }));
  for (const prefix of ["/api", ...COMPATIBLE_PREFIXES]) app.use(`${prefix}/*`, requireToken(token));
  serverRoutes(app, options, signals);
  settingsRoutes(app, options);
  demoRoutes(app, options);
  resolveRoutes(app, options, signals);
  traceRoutes(app, options, signals);
  transcriptRoutes(app, options, signals);
  groupRoutes(app, options, signals);
  searchRoutes(app, options, signals);
  metricsRoutes(app, options, signals);
  storedMetricsRoutes(app, options, signals);
  mapRoutes(app, options, signals);
  logRoutes(app, options, signals);
  exportRoutes(app, options, signals);
  prometheusRoutes(app, options, signals);
  const { compatible, version } = options;
  if (compatible !== undefined) compatibleRoutes(app, { queries: compatible, signals, version });
  app.get("*", (context, next) => {
    const isApi = context.req.path.startsWith("/api/") || isCompatible(context.req.path);
    const answer = isApi ? undefined : page.answer(context);
    return answer === undefined ? next() : Promise.resolve(answer);
  });
  app.notFound((context) => {
    throw new RouteNotFound(context.req.method, context.req.path);
  });
  app.onError((error, context) => answerError(error, context, options.log, context.get("requestId")));
  return { fetch: (request) => app.fetch(request), close: () => closing.abort() };
}
