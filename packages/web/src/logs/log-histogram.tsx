import type { LogItem } from "@clew/protocol/api/logs";
import type { LogHistogramRequest, LogListRequest } from "@clew/protocol/api/requests";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { go } from "../location/place.ts";
import { timeOfPage } from "../traces/page-time.ts";
import css from "../traces/trace-histogram.module.css";
import { LogHistogramBars } from "./log-histogram-bars.tsx";
import { logsWith } from "./log-query.ts";

interface LogHistogramProps {
  readonly query: URLSearchParams;
  readonly request: LogListRequest;
  /** What is listed; undefined until it is there. */
  readonly items: readonly LogItem[] | undefined;
  readonly live: boolean;
}

const LIVE_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Newest records of a list that tell the time it is of. */
const NEWEST = 200;

/** How many records fit over time, by severity. Of the time that was chosen, else of the newest records. */
export function LogHistogram({ query, request, items, live }: LogHistogramProps) {
  const time = timeOf(request, items);
  const asked: LogHistogramRequest | undefined = time && { ...request, ...time };
  const { data, error } = useQuery({
    queryKey: ["log-histogram", asked],
    queryFn: ({ signal }) => api.logHistogram(asked ?? {}, { signal }),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: live ? LIVE_MS : false,
  });
  if (error !== null) return <p className={css.note}>Counts over time: {error.message}</p>;
  if (items !== undefined && asked === undefined) return null;
  const isZoomed = request.from !== undefined || request.to !== undefined;
  return (
    <section className={css.histogram} aria-label="Records over time">
      {data && (
        <LogHistogramBars
          answer={data}
          whole={isZoomed ? logsWith(query, { from: undefined, to: undefined, since: undefined }) : undefined}
          onZoom={(fromMs, toMs) =>
            go(logsWith(query, { from: String(fromMs), to: String(toMs), since: undefined }))
          }
        />
      )}
    </section>
  );
}

/** Of a trace all of its records; else at least an hour, so that what is new is seen among what was. */
function timeOf(
  { from, to, trace }: LogListRequest,
  items: readonly LogItem[] | undefined,
): Pick<LogHistogramRequest, "from" | "to"> | undefined {
  if (from !== undefined) return { from, ...(to !== undefined && { to }) };
  const newest = (items ?? []).slice(0, NEWEST);
  const page = timeOfPage(
    newest.map(({ timeMs }) => ({ startMs: timeMs })),
    trace === undefined ? LIVE_MS : 0,
  );
  if (page === undefined) return undefined;
  if (trace !== undefined) return page;
  return { from: Math.min(page.from, page.to - HOUR_MS), to: page.to };
}
