import type { Hono } from "hono";
import { answerJson } from "../../answer-json.ts";
import type { ApiEnv } from "../../api-options.ts";
import { InvalidParameter } from "../../http-errors.ts";
import { whileWanted } from "../../request-signal.ts";
import type { CompatibleContext } from "../compatible-routes.ts";
import { QueryValues } from "../query-values.ts";
import { parseLogfmt } from "./logfmt.ts";
import { tagQuery } from "./tag-query.ts";
import { foundTraceJson } from "./tempo-search-json.ts";
import { readStretch } from "./tempo-tag-routes.ts";

const DEFAULT_LIMIT = 20;
const MOST_TRACES = 1000;
const DEFAULT_SPANS = 3;
const MOST_SPANS = 1000;

/** A search by TraceQL or by tags; the newest traces first. */
export function tempoSearchRoutes(app: Hono<ApiEnv>, { queries, signals }: CompatibleContext): void {
  app.get("/tempo/api/search", async (context) => {
    const values = new QueryValues(context.req.url);
    const query = readQuery(values);
    const stretch = readStretch(values);
    const limit = values.wholeNumber("limit", 1, MOST_TRACES) ?? DEFAULT_LIMIT;
    const spansShown = values.wholeNumber("spss", 0, MOST_SPANS) || DEFAULT_SPANS;
    const { traces, isPartial } = await whileWanted(context, signals, (signal) =>
      queries.tempoSearch({ query, limit, spansShown, signal, ...(stretch && { stretch }) }),
    );
    const metrics = { ...(!isPartial && { completedJobs: 1 }), totalJobs: 1 };
    return answerJson(context, { traces: traces.map(foundTraceJson), metrics });
  });
}

function readQuery(values: QueryValues): string {
  const query = values.text("q");
  const tags = values.text("tags");
  const bounds = values.durations(["minDuration"], ["maxDuration"]);
  if (query === undefined) return tagQuery(parseLogfmt("tags", tags ?? ""), bounds);
  if (tags !== undefined) throw new InvalidParameter("tags", "and q are not allowed together");
  return query;
}
