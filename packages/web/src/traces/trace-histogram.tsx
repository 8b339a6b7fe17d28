import type { MetricsRequest } from "@clew/protocol/api/requests";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useTraceQl } from "../search/use-traceql.ts";
import { HistogramBars } from "./histogram-bars.tsx";
import { timeOfPage } from "./page-time.ts";
import { conditionsOf, queryOf, withConditions } from "./trace-filter.ts";
import css from "./trace-histogram.module.css";

interface TraceHistogramProps {
  readonly place: Place;
  /** What is listed below. */
  readonly items: readonly TraceItem[];
  /** New traces come by themselves. */
  readonly live: boolean;
}

/** All root spans are counted in no time; for conditions whole traces have to be looked at. */
const PLAIN_FRESH_MS = 15_000;
const FRESH_MS = 60_000;
/** For a list without conditions, so that it takes nothing more to be loaded. */
const ALL = '{ span:parentID = "" } | count_over_time() by (status)';

/** When the traces of the list began, and which of them failed; dragging over a stretch of time narrows the list to it. */
export function TraceHistogram({ place, items, live }: TraceHistogramProps) {
  const { query } = place;
  const text = queryOf(query);
  const conditions = conditionsOf(query).filter(({ name }) => name !== "from" && name !== "to");
  const isPlain = text === "" && conditions.length === 0;
  const language = useTraceQl(!isPlain).data;
  const counting = isPlain ? ALL : language?.countsOverTime(text, conditions);
  const freshMs = isPlain ? PLAIN_FRESH_MS : FRESH_MS;
  const time = timeOf(query, items, live ? freshMs : 0);
  const request = counting === undefined || time === undefined ? undefined : { q: counting, ...time };
  const { data, error } = useQuery({
    queryKey: ["trace-counts", request],
    queryFn: ({ signal }) => api.metrics(request ?? { q: ALL }, { signal }),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: live ? freshMs : false,
  });
  if (request === undefined && (isPlain || language !== undefined)) return null;
  if (error !== null) return <p className={css.note}>Counts over time: {error.message}</p>;
  const isZoomed = query.has("from") || query.has("to");
  const whole = withQuery({ path: "/traces", query }, { from: undefined, to: undefined, cursor: undefined });
  return (
    <section className={css.histogram} aria-label="Traces over time">
      {data && (
        <HistogramBars
          answer={data}
          whole={isZoomed ? whole : undefined}
          onZoom={(from, to) =>
            go(
              withConditions(query, [
                ["from", String(from)],
                ["to", String(to)],
              ]),
            )
          }
        />
      )}
    </section>
  );
}

/** The time that was chosen, else that of the page. */
function timeOf(
  query: URLSearchParams,
  items: readonly TraceItem[],
  leastMs: number,
): Omit<MetricsRequest, "q"> | undefined {
  const [from, to] = [query.get("from"), query.get("to")];
  const page = timeOfPage(items, leastMs);
  if (!from && page === undefined) return undefined;
  return { from: from || page!.from, ...(to ? { to } : !from && { to: page!.to }) };
}
