import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { isSameOrigin } from "../guard.ts";
import { OriginNotAllowed } from "../http-errors.ts";
import { readParameters } from "../parameters.ts";

export function demoRoutes(app: Hono<ApiEnv>, { demo }: ApiOptions): void {
  if (demo === undefined) return;
  app.get(ROUTES.demo, (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    return answerJson(context, demo.status);
  });

  app.post(ROUTES.demo, (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    // Pages that may read are not thereby pages that may start programs.
    const origin = context.req.header("origin");
    if (origin !== undefined && !isSameOrigin(origin, context.req.header("host") ?? ""))
      throw new OriginNotAllowed(origin);
    return answerJson(context, demo.start());
  });
}
