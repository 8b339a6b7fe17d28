import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context, Hono } from "hono";
import { takesGzip } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { requireToken } from "../guard.ts";
import { choice, readParameters } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";
import { acceptedFormat } from "./accepted-format.ts";
import { CONTENT_TYPES, exposition } from "./exposition.ts";
import { processFamilies } from "./process-families.ts";
import { RisingSums } from "./rising-sums.ts";
import { serverFamilies } from "./server-families.ts";
import { traceFamilies } from "./trace-families.ts";

const PATH = "/metrics";
const PARAMETERS = { names: choice("otel", "tempo") };
/** Quick rather than small, as with other answers. */
const GZIP_LEVEL = 3;

/** Of the time that a scraper waits; the rest is for writing and sending them. */
const PART_FOR_FIGURES = 0.7;

const compress = promisify(gzip);

/** What Prometheus scrapes: figures of the spans and of the server itself. */
export function prometheusRoutes(app: Hono<ApiEnv>, options: ApiOptions, signals: RequestSignals): void {
  const { traceMetrics: metrics } = options;
  if (metrics === undefined) return;
  const refused = new RisingSums();
  const guard = requireToken(options.token);
  app.use(PATH, (context, next) => (isNavigation(context) ? next() : guard(context, next)));
  app.get(PATH, async (context, next) => {
    if (isNavigation(context)) {
      context.header("Vary", "Accept", { append: true });
      return next();
    }
    const { names = "otel" } = readParameters(PARAMETERS, new URL(context.req.url).searchParams);
    const patienceMs = patienceOf(context.req.header("x-prometheus-scrape-timeout-seconds"));
    await whileWanted(context, signals, (signal) => metrics.refresh(signal, patienceMs));
    const format = acceptedFormat(context.req.header("accept"));
    const families = [
      ...processFamilies(),
      ...serverFamilies(options, metrics, refused),
      ...traceFamilies(metrics, names),
    ];
    const pieces: Buffer[] = [];
    for (const piece of exposition(families, format)) {
      pieces.push(Buffer.from(piece));
      await setImmediate();
    }
    const body = Buffer.concat(pieces);
    context.header("Content-Type", CONTENT_TYPES[format]);
    context.header("Cache-Control", "no-store");
    context.header("Vary", "Accept, Accept-Encoding", { append: true });
    if (!takesGzip(context)) return context.body(body);
    context.header("Content-Encoding", "gzip");
    return context.body((await compress(body, { level: GZIP_LEVEL })) as Buffer<ArrayBuffer>);
  });
}

/**
 * Whether a browser goes to the page of charts, which has the same address. Browsers name HTML before all else;
 * scrapers do not name it.
 */
function isNavigation(context: Context): boolean {
  return /^\s*text\/html\b/i.test(context.req.header("accept") ?? "");
}

/** How long the figures may take, so that the scraper still gets an answer; undefined where it does not say. */
function patienceOf(timeoutS: string | undefined): number | undefined {
  const seconds = Number(timeoutS);
  return seconds > 0 ? seconds * 1000 * PART_FOR_FIGURES : undefined;
}
