import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import type { MetricsRequest } from "@clew/protocol/api/requests";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact } from "../format/quantities.ts";
import { LineChart } from "./line-chart.tsx";
import { seriesName } from "./series-names.ts";
import { SeriesTable, ValueTable } from "./series-table.tsx";
import type { SeriesUnit } from "./series-unit.ts";
import css from "./series-view.module.css";

interface SeriesViewProps {
  readonly request: MetricsRequest;
  readonly unit: SeriesUnit;
  /** What is said about the time that is looked at. */
  readonly time: string;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

/** More lines than this cannot be told from each other. */
const MOST_LINES = 12;
const REASONS = {
  time: "It took as long as a query may; values of older points are missing.",
  size: "It would have read more than a query may; values of older points are missing.",
} as const;

/** What a metrics query adds up to: lines over time, and the same as a table. */
export function SeriesView({ request, unit, time, onZoom }: SeriesViewProps) {
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ["metrics", request],
    queryFn: ({ signal }) => api.metrics(request, { signal }),
    placeholderData: keepPreviousData,
  });
  if (data === undefined) {
    if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
    return <div className={css.loading} role="status" aria-label="Loading series" />;
  }
  return (
    <div className={css.view} data-old={isPlaceholderData}>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {data.partial && (
        <p className={css.note} role="status">
          Not all spans were looked at. {REASONS[data.partial.reason]}
        </p>
      )}
      {data.series.length === 0 ? (
        <p className={css.empty}>No span matches in this time. {time}.</p>
      ) : (
        <Series answer={data} unit={unit} onZoom={onZoom} />
      )}
      <footer className={css.foot}>
        <span>
          {time}. {told(data)} in {exact(data.tookMs)} ms
        </span>
        <Button variant="quiet" onClick={() => void refetch()}>
          Ask again
        </Button>
      </footer>
    </div>
  );
}

function told({ series, truncated }: MetricsAnswer): string {
  if (truncated) return `${exact(truncated.shown)} of ${exact(truncated.total)} series`;
  return series.length === 1 ? "1 series" : `${exact(series.length)} series`;
}

function Series({
  answer: { timesMs, series },
  unit,
  onZoom,
}: Pick<SeriesViewProps, "unit" | "onZoom"> & { readonly answer: MetricsAnswer }) {
  const [at, setAt] = useState<number>();
  const [showsAll, setShowsAll] = useState(false);
  const ordered = useMemo(() => series.toSorted((a, b) => most(b.values) - most(a.values)), [series]);
  const drawn = useMemo(() => (timesMs.length > 1 ? ordered.slice(0, MOST_LINES) : []), [timesMs, ordered]);
  const lines = useMemo(
    () => drawn.map(({ labels, values }) => ({ name: seriesName(labels), values })),
    [drawn],
  );
  return (
    <>
      {drawn.length > 0 && (
        <LineChart
          label={`${exact(drawn.length)} series as lines over time; the table below says the same`}
          timesMs={timesMs}
          lines={lines}
          unit={unit}
          at={at}
          onAt={setAt}
          onZoom={onZoom}
        />
      )}
      {drawn.length > 0 && drawn.length < series.length && (
        <p className={css.hint}>The {MOST_LINES} largest are drawn; topk() and bottomk() choose others.</p>
      )}
      <SeriesTable timesMs={timesMs} series={ordered} unit={unit} drawn={drawn.length} at={at} />
      {drawn.length > 0 && (
        <Button variant="quiet" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? "Hide the values" : "Show every value"}
        </Button>
      )}
      {showsAll && (
        <ValueTable
          label="Values by time"
          timesMs={timesMs}
          names={lines.map(({ name }) => name)}
          rows={lines.map(({ values }) => values)}
          unit={unit}
        />
      )}
    </>
  );
}

function most(values: readonly (number | null)[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...values.filter((value) => value !== null));
}
