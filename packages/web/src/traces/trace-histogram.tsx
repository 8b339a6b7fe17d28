import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import type { MetricsRequest } from "@clew/protocol/api/requests";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { ValueTable } from "../search/series-table.tsx";
import { type Stretch, useBrush } from "../search/use-brush.ts";
import { useTraceQl } from "../search/use-traceql.ts";
import { type Counts, countsOf } from "./counts.ts";
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

const HEIGHT = 44;
const FRESH_MS = 15_000;
const LEAST_PX = 2;
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
  const time = timeOf(query, items);
  const request = counting === undefined || time === undefined ? undefined : { q: counting, ...time };
  const { data, error } = useQuery({
    queryKey: ["trace-counts", request],
    queryFn: ({ signal }) => api.metrics(request ?? { q: ALL }, { signal }),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: live ? FRESH_MS : false,
  });
  if (request === undefined && (isPlain || language !== undefined)) return null;
  if (error !== null) return <p className={css.note}>Counts over time: {error.message}</p>;
  const isZoomed = query.has("from") || query.has("to");
  const whole = withQuery({ path: "/traces", query }, { from: undefined, to: undefined, cursor: undefined });
  return (
    <section className={css.histogram} aria-label="Traces over time">
      {data && (
        <Bars
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
function timeOf(query: URLSearchParams, items: readonly TraceItem[]): Omit<MetricsRequest, "q"> | undefined {
  const [from, to] = [query.get("from"), query.get("to")];
  const page = timeOfPage(items);
  if (!from && page === undefined) return undefined;
  return { from: from || page!.from, ...(to ? { to } : !from && { to: page!.to }) };
}

interface BarsProps {
  readonly answer: MetricsAnswer;
  /** Leads to all of the time, where a part of it is shown. */
  readonly whole: string | undefined;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

function Bars({ answer, whole, onZoom }: BarsProps) {
  const [showsTable, setShowsTable] = useState(false);
  const counts = countsOf(answer);
  const { fromMs, toMs, stepMs, timesMs, total, failed } = counts;
  const { stretch, handlers } = useBrush(([a, b]: Stretch) =>
    onZoom(fromMs + Math.floor(a * timesMs.length) * stepMs, fromMs + Math.ceil(b * timesMs.length) * stepMs),
  );
  const told = `${many(sum(total), "trace")} began, ${exact(sum(failed))} failed at the root`;
  return (
    <>
      <div className={css.head}>
        <span>{told}</span>
        {answer.partial && <span>, as far as was looked</span>}
        {whole !== undefined && <Link href={whole}>All of the time</Link>}
        <Button
          variant="quiet"
          title="The same as a table"
          aria-expanded={showsTable}
          onClick={() => setShowsTable(!showsTable)}
        >
          Table
        </Button>
      </div>
      <div className={css.plot} {...handlers}>
        <svg
          role="img"
          aria-label={told}
          viewBox={`0 0 ${timesMs.length} ${HEIGHT}`}
          preserveAspectRatio="none"
        >
          {timesMs.map((ms, index) => (
            <Bar key={ms} counts={counts} index={index} />
          ))}
        </svg>
        {stretch && (
          <span style={{ left: `${stretch[0] * 100}%`, width: `${(stretch[1] - stretch[0]) * 100}%` }} />
        )}
      </div>
      <div className={css.ends} aria-hidden="true">
        <span>{moment(fromMs, Date.now())}</span>
        <span>{moment(toMs, Date.now())}</span>
      </div>
      {showsTable && (
        <ValueTable
          label="Traces by time"
          timesMs={timesMs}
          names={["Traces", "Failed"]}
          rows={[total, failed]}
          unit="number"
        />
      )}
    </>
  );
}

function Bar({ counts, index }: { readonly counts: Counts; readonly index: number }) {
  const total = counts.total[index] ?? 0;
  const failed = counts.failed[index] ?? 0;
  const most = Math.max(1, ...counts.total);
  const heightOf = (count: number): number => (count === 0 ? 0 : Math.max(LEAST_PX, (count / most) * HEIGHT));
  const [whole, red] = [heightOf(total), heightOf(failed)];
  const begin = (counts.timesMs[index] ?? 0) - counts.stepMs;
  return (
    <g>
      <title>{`${moment(begin, Date.now())}: ${many(total, "trace")}, ${exact(failed)} failed`}</title>
      <rect className={css.hit} x={index} width={1} y={0} height={HEIGHT} />
      <rect
        className={css.good}
        x={index + 0.1}
        width={0.8}
        y={HEIGHT - whole}
        height={Math.max(0, whole - red)}
      />
      <rect className={css.bad} x={index + 0.1} width={0.8} y={HEIGHT - red} height={red} />
    </g>
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
