import type { IngestEvent } from "@clew/protocol/api/ingest-event";
import { ROUTES } from "@clew/protocol/api/routes";
import type { ServerStatus, Setup } from "@clew/protocol/api/server-status";
import type { Context, Hono } from "hono";
import { PublicError } from "../../errors.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions, IngestFeed } from "../api-options.ts";
import { answerEvents, type StreamMessage } from "../event-stream.ts";
import { RequestTimeout } from "../http-errors.ts";
import { readParameters } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

/** Events kept for a reader that is slow; older ones are dropped. */
const MOST_HELD = 1000;
/** How long a status waits for what only the store knows. */
const STORE_MS = 5000;

export function serverRoutes(app: Hono<ApiEnv>, options: ApiOptions, signals: RequestSignals): void {
  const { queries, ingest, version } = options;
  const startedMs = performance.now();

  app.get(ROUTES.setup, async (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    const hasData = await ifStoreAnswers(context, signals, (signal) => queries.hasSpans(signal));
    return answerJson(context, { version, otlp: options.otlp(), hasData: hasData ?? true } satisfies Setup);
  });

  app.get(ROUTES.status, async (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    const stored = await ifStoreAnswers(context, signals, (signal) => queries.totals(signal));
    const pipeline = options.pipelineStatus?.();
    return answerJson(context, {
      version,
      uptimeMs: Math.round(performance.now() - startedMs),
      store: queries.storeStatus,
      ...(stored && { stored }),
      ingest: ingest.counters(),
      ...(pipeline && { pipeline }),
    } satisfies ServerStatus);
  });

  app.get(ROUTES.ingestCounters, (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    return answerJson(context, ingest.counters());
  });

  app.get(ROUTES.ingestEvents, (context) => {
    readParameters({}, new URL(context.req.url).searchParams);
    const last = Number(context.req.header("last-event-id") ?? -1);
    return answerEvents(context, signals.closing, async function* (signal): AsyncGenerator<
      StreamMessage,
      void
    > {
      for await (const event of eventsAfter(ingest, last, signal)) {
        yield { event: "ingest", id: String(event.seq), data: event };
      }
    });
  });
}

/** Undefined when the store is away: a status that says so is what is wanted just then. */
async function ifStoreAnswers<Answer>(
  context: Context,
  signals: RequestSignals,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await whileWanted(context, { ...signals, timeoutMs: STORE_MS }, ask);
  } catch (error) {
    const isAway = error instanceof RequestTimeout || (error instanceof PublicError && error.status === 503);
    if (isAway && !signals.closing.aborted) return undefined;
    throw error;
  }
}

/** The events that are remembered and came after this one, then each as it happens. */
async function* eventsAfter(
  ingest: IngestFeed,
  last: number,
  signal: AbortSignal,
): AsyncGenerator<IngestEvent, void> {
  const recent = ingest.recent();
  // A number from before a restart says nothing about this server's events.
  const known = last <= (recent.at(-1)?.seq ?? 0) ? last : -1;
  const waiting = recent.filter((event) => event.seq > known);
  let wake = (): void => undefined;
  const unsubscribe = ingest.subscribe((event) => {
    waiting.push(event);
    if (waiting.length > MOST_HELD) waiting.shift();
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}
