import type { LogHistogram } from "@clew/protocol/api/log-histogram";
import type { LogList } from "@clew/protocol/api/logs";
import { ROUTES } from "@clew/protocol/api/routes";
import type { Hono } from "hono";
import type { LogPageRequest } from "../../query/logs/list-logs.ts";
import { decodeLogCursor, encodeLogCursor } from "../../query/logs/log-cursor.ts";
import { wordsOf } from "../../query/logs/log-words.ts";
import { shownSurroundings } from "../../query/logs/logs-around.ts";
import { ID_NAMES, type IdName } from "../../query/trace-conditions.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { InvalidParameter } from "../http-errors.ts";
import { duration, longText, moment, readParameters, text, texts, wholeNumber } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const SELECTION = {
  q: longText(),
  text: text(),
  from: moment(),
  to: moment(),
  trace: text(),
  span: text(),
  service: texts(),
  session: texts(),
  conversation: texts(),
  task: texts(),
  testCase: texts(),
  testRun: texts(),
  user: texts(),
};
const LOGS = {
  ...SELECTION,
  around: text(),
  before: duration(),
  after: duration(),
  id: text(),
  limit: wholeNumber(1, 1000),
  cursor: text(),
};
const DEFAULT_LIMIT = 100;
const DEFAULT_WINDOW_NS = 5_000_000_000n;
/** Each is looked for in every text. */
const MOST_WORDS = 32;
const HOUR_NS = 3_600_000_000_000n;

export function logRoutes(app: Hono<ApiEnv>, { queries }: ApiOptions, signals: RequestSignals): void {
  app.get(ROUTES.logs, async (context) => {
    const startedMs = performance.now();
    const request = readRequest(new URL(context.req.url).searchParams);
    const page = await whileWanted(context, signals, (signal) => queries.logs({ ...request, signal }));
    return answerJson(context, {
      items: page.items,
      ...(page.around && { around: shownSurroundings(page.around) }),
      ...(page.partial && { partial: { reason: page.partial } }),
      ...(page.next && { next: encodeLogCursor(page.next) }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies LogList);
  });
  app.get(ROUTES.logHistogram, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(SELECTION, new URL(context.req.url).searchParams);
    const toNs = given.to ?? BigInt(Date.now()) * 1_000_000n;
    const fromNs = given.from ?? (toNs > HOUR_NS ? toNs - HOUR_NS : 0n);
    if (fromNs >= toNs) throw new InvalidParameter("from", "is not before to");
    const request = { ...selectionOf(given), ...(given.trace !== undefined && { trace: given.trace }) };
    const counted = await whileWanted(context, signals, (signal) =>
      queries.logHistogram({ ...request, fromNs, toNs, signal }),
    );
    return answerJson(context, {
      ...counted,
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies LogHistogram);
  });
}

function readRequest(query: URLSearchParams): LogPageRequest {
  const given = readParameters(LOGS, query);
  const { from, to, id, limit = DEFAULT_LIMIT, cursor } = given;
  return {
    limit,
    ...whereOf(given),
    ...selectionOf(given),
    ...(from !== undefined && { fromNs: from }),
    ...(to !== undefined && { toNs: to }),
    ...(id !== undefined && { only: readId(id) }),
    ...(cursor !== undefined && { after: decodeLogCursor(cursor) }),
  };
}

/** What has to hold for a record, but for its time and its trace. */
function selectionOf(
  given: ReturnType<typeof readParameters<typeof SELECTION>>,
): Pick<LogPageRequest, "query" | "words" | "span" | "services" | "ids"> {
  const { q, span, service } = given;
  const ids: Partial<Record<IdName, readonly string[]>> = {};
  for (const name of ID_NAMES) if (given[name] !== undefined) ids[name] = given[name];
  return {
    ...(q !== undefined && { query: q }),
    ...(given.text !== undefined && { words: readWords(given.text) }),
    ...(span !== undefined && { span: readSpan("span", span) }),
    ...(service !== undefined && { services: service }),
    ...(Object.keys(ids).length > 0 && { ids }),
  };
}

/** The trace whose records are wanted, or the span around which they are. */
function whereOf(
  given: ReturnType<typeof readParameters<typeof LOGS>>,
): Pick<LogPageRequest, "trace" | "around"> {
  const { trace, around, before, after } = given;
  if (around === undefined) {
    const window = before === undefined ? (after === undefined ? undefined : "after") : "before";
    if (window !== undefined) throw new InvalidParameter(window, "goes with around, which is missing");
    return trace === undefined ? {} : { trace };
  }
  if (trace === undefined) throw new InvalidParameter("trace", "is missing; around names one of its spans");
  const span = readSpan("around", around);
  return {
    around: { trace, span, beforeNs: before ?? DEFAULT_WINDOW_NS, afterNs: after ?? DEFAULT_WINDOW_NS },
  };
}

function readSpan(parameter: string, value: string): string {
  if (/^[0-9a-fA-F]{16}$/.test(value)) return value.toLowerCase();
  throw new InvalidParameter(
    parameter,
    `is ${JSON.stringify(value.slice(0, 100))}, which is no span id: give 16 hexadecimal digits`,
  );
}

function readId(value: string) {
  try {
    return decodeLogCursor(value);
  } catch (cause) {
    const error = new InvalidParameter("id", "is not one that a list of logs handed out");
    error.cause = cause;
    throw error;
  }
}

function readWords(value: string): string[] {
  const words = wordsOf(value);
  if (words.length <= MOST_WORDS) return words;
  throw new InvalidParameter("text", `has ${words.length} words; at most ${MOST_WORDS} are allowed`);
}
