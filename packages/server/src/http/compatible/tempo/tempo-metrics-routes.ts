import type { Hono } from "hono";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { InvalidParameter } from "../../http-errors.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { QueryValues } from "../query-values.ts";
import { queryInstantJson, queryRangeJson } from "./tempo-metrics-json.ts";
import { readMetricsTime, readStep } from "./tempo-metrics-time.ts";

/** Of all series together. */
const MOST_EXEMPLARS = 100;

/** Series of a TraceQL metrics query: over time, or one number each. */
export function tempoMetricsRoutes(app: Hono<ApiEnv>, { queries, signals }: CompatibleContext): void {
  app.get("/tempo/api/metrics/query_range", async (context) => {
    const values = new QueryValues(context.req.url);
    const query = readQuery(values);
    const time = readMetricsTime(values, Date.now());
    const stepNs = readStep(values, time);
    const asked = values.wholeNumber("exemplars", 0, 2 ** 32 - 1);
    const exemplars = Math.min(asked ?? MOST_EXEMPLARS, MOST_EXEMPLARS);
    const answer = await whileWanted(context, signals, (signal) =>
      queries.metrics({ query, ...time, stepNs, exemplars, signal }),
    );
    return answerJson(context, queryRangeJson(answer, exemplars));
  });

  app.get("/tempo/api/metrics/query", async (context) => {
    const values = new QueryValues(context.req.url);
    const query = readQuery(values);
    const time = readMetricsTime(values, Date.now());
    const answer = await whileWanted(context, signals, (signal) =>
      queries.metrics({ query, ...time, stepNs: "none", exemplars: 0, signal }),
    );
    return answerJson(context, queryInstantJson(answer));
  });
}

function readQuery(values: QueryValues): string {
  const query = values.text("q", "query");
  if (query === undefined) throw new InvalidParameter("q", "is required");
  return query;
}
