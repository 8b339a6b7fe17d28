import type { TraceFacets } from "@clew/protocol/api/facets";
import { ROUTES } from "@clew/protocol/api/routes";
import type { TraceList } from "@clew/protocol/api/trace-item";
import type { Hono } from "hono";
import { decodeCursor, encodeCursor } from "../../query/trace-cursor.ts";
import { answerJson, answerJsonTagged } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { answerEvents, type StreamMessage } from "../event-stream.ts";
import { readParameters, text, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";
import {
  attributeParameters,
  readTraceConditions,
  TRACE_FILTER,
  traceConditions,
} from "../trace-parameters.ts";

const LIST = { ...TRACE_FILTER, limit: wholeNumber(1, 1000), cursor: text() };
const DEFAULT_LIMIT = 50;

export function traceRoutes(app: Hono<ApiEnv>, { queries, live }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.traces, async (context) => {
    const startedMs = performance.now();
    const { attributes, others } = attributeParameters(new URL(context.req.url).searchParams);
    const { limit = DEFAULT_LIMIT, cursor, ...filter } = readParameters(LIST, others);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const page = await whileWanted(context, signals, (signal) =>
      queries.findTraces({
        conditions: traceConditions(filter, attributes),
        limit,
        ...(after && { after }),
        signal,
      }),
    );
    return answerJson(context, {
      items: page.items,
      ...(page.next && { nextCursor: encodeCursor(page.next) }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies TraceList);
  });

  app.get(ROUTES.traceStream, (context) => {
    const conditions = readTraceConditions(new URL(context.req.url).searchParams);
    const after = context.req.header("last-event-id");
    return answerEvents(context, signals.closing, async function* (signal): AsyncGenerator<
      StreamMessage,
      void
    > {
      for await (const data of live.updates(conditions, signal, after))
        yield { event: "traces", id: data.id, data };
    });
  });

  app.get(ROUTES.traceFacets, async (context) => {
    const startedMs = performance.now();
    const conditions = readTraceConditions(new URL(context.req.url).searchParams);
    const facets = await whileWanted(context, signals, (signal) =>
      queries.traceFacets({ conditions, signal }),
    );
    const tookMs = Math.round(performance.now() - startedMs);
    return answerJson(context, { ...facets, tookMs } satisfies TraceFacets);
  });

  app.get(ROUTES.trace, async (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    const reference = context.req.param("trace");
    const trace = await whileWanted(context, signals, (signal) => queries.trace(reference, signal));
    return answerJsonTagged(context, trace);
  });

  app.get(ROUTES.span, async (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    const { trace, span } = context.req.param();
    return answerJson(
      context,
      await whileWanted(context, signals, (signal) => queries.span(trace, span, signal)),
    );
  });
}
