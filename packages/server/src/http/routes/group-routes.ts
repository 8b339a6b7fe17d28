import { ROUTES } from "@clew/protocol/api/routes";
import type { TraceGroupList } from "@clew/protocol/api/trace-group";
import type { Context, Hono } from "hono";
import { decodeGroupCursor, encodeGroupCursor } from "../../query/group-cursor.ts";
import type { GroupKind } from "../../query/trace-groups.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { moment, readParameters, text, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const LIST = { id: text(), from: moment(), to: moment(), limit: wholeNumber(1, 1000), cursor: text() };
const DEFAULT_LIMIT = 50;

export function groupRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  const list = (kind: GroupKind) => async (context: Context) => {
    const startedMs = performance.now();
    const {
      id,
      from,
      to,
      limit = DEFAULT_LIMIT,
      cursor,
    } = readParameters(LIST, new URL(context.req.url).searchParams);
    const request = {
      limit,
      ...(id !== undefined && { id }),
      ...(from !== undefined && { fromNs: from }),
      ...(to !== undefined && { toNs: to }),
      ...(cursor !== undefined && { after: decodeGroupCursor(cursor) }),
    };
    const page = await whileWanted(context, signals, (signal) =>
      queries.groups(kind, { ...request, signal }),
    );
    return answerJson(context, {
      items: page.items,
      ...(page.next && { nextCursor: encodeGroupCursor(page.next) }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies TraceGroupList);
  };
  const one = async (context: Context, kind: GroupKind, id: string) => {
    readParameters({}, new URL(context.req.url).searchParams);
    return answerJson(
      context,
      await whileWanted(context, signals, (signal) => queries.group(kind, id, signal)),
    );
  };
  app.get(ROUTES.sessions, list("session"));
  app.get(ROUTES.session, (context) => one(context, "session", context.req.param("session")));
  app.get(ROUTES.tasks, list("task"));
  app.get(ROUTES.task, (context) => one(context, "task", context.req.param("task")));
}
