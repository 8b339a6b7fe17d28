import { MAP_LEAVES, MAP_SCOPES, type MapAnswer, type MapLeaves } from "@clew/protocol/api/map";
import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { msOf } from "../../query/trace-items.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { InvalidParameter } from "../http-errors.ts";
import { choice, moment, readParameters, text, texts, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const MAP = {
  scope: choice(...MAP_SCOPES),
  from: moment(),
  to: moment(),
  focus: text(),
  depth: wholeNumber(0, 20),
  include: texts(),
};
const DEFAULT_DEPTH = 2;
const DEFAULT_LENGTH_NS = 3_600_000_000_000n;

export function mapRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.map, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(MAP, new URL(context.req.url).searchParams);
    const { scope = "agents", depth = DEFAULT_DEPTH, focus, include = [] } = given;
    const { to = BigInt(Date.now()) * 1_000_000n } = given;
    const { from = to > DEFAULT_LENGTH_NS ? to - DEFAULT_LENGTH_NS : 0n } = given;
    if (from > to) throw new InvalidParameter("from", "is later than to; nothing lies between them");
    const map = await whileWanted(context, signals, (signal) =>
      queries.map({
        scope,
        fromNs: from,
        toNs: to,
        depth,
        leaves: leavesOf(include),
        ...(focus !== undefined && { focus }),
        signal,
      }),
    );
    const { partial, tooLarge, ...shown } = map;
    return answerJson(context, {
      scope,
      fromMs: msOf(from),
      toMs: msOf(to),
      ...shown,
      ...(partial && { partial: { reason: partial.reason, fromMs: msOf(partial.fromNs) } }),
      ...(tooLarge > 0 && { tooLarge }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies MapAnswer);
  });
}

function leavesOf(names: readonly string[]): MapLeaves[] {
  return names.map((name) => {
    const leaves = MAP_LEAVES.find((known) => known === name);
    if (leaves !== undefined) return leaves;
    const shown = JSON.stringify(name.slice(0, 100));
    throw new InvalidParameter(
      "include",
      `is ${shown}, which is not allowed; it must be ${MAP_LEAVES.join(" or ")}`,
    );
  });
}
