import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { InvalidParameter } from "../http-errors.ts";
import { readParameters, text } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const MOST_LENGTH = 1024;

export function resolveRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.resolve, async (context) => {
    const { id } = readParameters({ id: text() }, new URL(context.req.url).searchParams);
    if (id === undefined) throw new InvalidParameter("id", "is missing; give the id to look for");
    if (id.length > MOST_LENGTH) {
      throw new InvalidParameter("id", `has ${id.length} characters; at most ${MOST_LENGTH} are looked for`);
    }
    return answerJson(context, await whileWanted(context, signals, (signal) => queries.resolve(id, signal)));
  });
}
