import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { readParameters } from "../parameters.ts";

export function settingsRoutes(app: Hono<ApiEnv>, { settings }: ApiOptions): void {
  if (settings === undefined) return;
  app.get(ROUTES.settings, (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    return answerJson(context, settings());
  });
}
