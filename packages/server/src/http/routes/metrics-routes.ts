import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { DURATION_ALLOWED, parseDuration } from "../duration.ts";
import { InvalidParameter } from "../http-errors.ts";
import { longText, moment, readParameters, text, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const METRICS = {
  q: longText(),
  from: moment(),
  to: moment(),
  step: text(),
  exemplars: wholeNumber(0, 100),
};
const HOUR_NS = 3_600_000_000_000n;

export function metricsRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.metricsQuery, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(METRICS, new URL(context.req.url).searchParams);
    const { q, to = BigInt(Date.now()) * 1_000_000n, exemplars } = given;
    if (q === undefined)
      throw new InvalidParameter("q", "is missing; it must be a query such as { } | rate() by (agent:name)");
    const from = given.from ?? (to > HOUR_NS ? to - HOUR_NS : 0n);
    if (from >= to) throw new InvalidParameter("from", "is not before to");
    const stepNs = given.step === undefined ? undefined : stepOf(given.step);
    const found = await whileWanted(context, signals, (signal) =>
      queries.metrics({
        query: q,
        fromNs: from,
        toNs: to,
        ...(stepNs !== undefined && { stepNs }),
        ...(exemplars !== undefined && { exemplars }),
        signal,
      }),
    );
    return answerJson(context, {
      ...found,
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies MetricsAnswer);
  });
}

function stepOf(text: string): bigint | "none" {
  if (text === "none") return "none";
  const length = parseDuration(text);
  if (length !== undefined && length > 0n) return length;
  const shown = JSON.stringify(text.slice(0, 100));
  throw new InvalidParameter(
    "step",
    `is ${shown}, which is not allowed; it must be none, or ${DURATION_ALLOWED}`,
  );
}
