import { ROUTES } from "@clew/protocol/api/routes";
import type { SearchAnswer } from "@clew/protocol/api/search";
import type { Hono } from "hono";
import { decodeCursor, encodeCursor } from "../../query/trace-cursor.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { InvalidParameter } from "../http-errors.ts";
import { longText, moment, readParameters, text, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const SEARCH = {
  q: longText(),
  from: moment(),
  to: moment(),
  limit: wholeNumber(1, 1000),
  cursor: text(),
  spss: wholeNumber(0, 100),
};
const DEFAULT_LIMIT = 50;
const DEFAULT_SPANS_SHOWN = 3;

export function searchRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.search, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(SEARCH, new URL(context.req.url).searchParams);
    const { q, from, to, limit = DEFAULT_LIMIT, cursor, spss = DEFAULT_SPANS_SHOWN } = given;
    if (q === undefined)
      throw new InvalidParameter("q", "is missing; it must be a query such as { status = error }");
    const found = await whileWanted(context, signals, (signal) =>
      queries.search({
        query: q,
        limit,
        spansShown: spss,
        ...(from !== undefined && { fromNs: from }),
        ...(to !== undefined && { toNs: to }),
        ...(cursor !== undefined && { after: decodeCursor(cursor) }),
        signal,
      }),
    );
    return answerJson(context, {
      items: found.items,
      ...(found.partial && { partial: { reason: found.partial } }),
      ...(found.next && { next: encodeCursor(found.next) }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies SearchAnswer);
  });
}
