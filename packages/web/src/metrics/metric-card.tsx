import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import { linesOf, type MetricLines } from "./chart-lines.ts";
import type { Chart } from "./charts.ts";
import css from "./metric-card.module.css";
import { MetricPlot } from "./metric-plot.tsx";
import { useMetricsPage } from "./metrics-context.ts";
import { MomentExamples } from "./moment-examples.tsx";
import { searchAddress } from "./trace-links.ts";
import { useSeen } from "./use-seen.ts";

const REASONS = {
  time: "It took as long as a query may; older points are missing.",
  size: "It would have read more than a query may; older points are missing.",
} as const;

/** A chart that asks for its numbers when it comes into view. */
export function MetricCard({ chart }: { readonly chart: Chart }) {
  const { queue, looks, fromMs, toMs } = useMetricsPage();
  const id = useId();
  const box = useRef<HTMLElement>(null);
  const isSeen = useSeen(box);
  const [showsQuery, setShowsQuery] = useState(false);
  const [showsTable, setShowsTable] = useState(false);
  /** The moment that examples are shown of. */
  const [picked, setPicked] = useState<number>();
  const texts = chart.queries.map(({ q }) => q);
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: ["chart", texts, fromMs, toMs],
    queryFn: ({ signal }) =>
      Promise.all(
        texts.map((q) => queue.run(signal, () => api.metrics({ q, from: fromMs, to: toMs }, { signal }))),
      ),
    enabled: isSeen,
    placeholderData: keepPreviousData,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chart has other answers
  const found = useMemo(() => data && linesOf(chart, data, looks), [data, looks]);
  const pickedAt = picked === undefined ? -1 : (found?.timesMs.indexOf(picked) ?? -1);
  return (
    <section ref={box} className={css.card} aria-labelledby={id} aria-busy={isFetching}>
      <header className={css.head}>
        <h3 id={id}>
          {chart.title} <small>{chart.about}</small>
        </h3>
        <Button
          variant="quiet"
          aria-expanded={showsTable}
          title="The same as a table"
          onClick={() => setShowsTable(!showsTable)}
        >
          Table
        </Button>
        <Button
          variant="quiet"
          aria-expanded={showsQuery}
          title="What is asked"
          onClick={() => setShowsQuery(!showsQuery)}
        >
          TraceQL
        </Button>
      </header>
      {showsQuery && (
        <ul className={css.queries}>
          {chart.queries.map(({ q, name }) => (
            <li key={q}>
              {name !== undefined && <span>{name}</span>}
              <code>{q}</code>
              <Link href={searchAddress(q, fromMs, toMs)}>Open in search</Link>
            </li>
          ))}
        </ul>
      )}
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {found?.partial && (
        <p className={css.note} role="status">
          {REASONS[found.partial]}
        </p>
      )}
      {found === undefined ? (
        error === null && <div className={css.loading} role="status" aria-label={`Loading ${chart.title}`} />
      ) : (
        <div className={css.body} data-old={isPlaceholderData}>
          <Body chart={chart} found={found} showsTable={showsTable} picked={pickedAt} onPick={setPicked} />
        </div>
      )}
      {picked !== undefined && found !== undefined && pickedAt >= 0 && (
        <MomentExamples chart={chart} found={found} at={pickedAt} onClose={() => setPicked(undefined)} />
      )}
    </section>
  );
}

interface BodyProps {
  readonly chart: Chart;
  readonly found: MetricLines;
  readonly showsTable: boolean;
  /** Index of the moment that examples are shown of; -1 for none. */
  readonly picked: number;
  readonly onPick: (ms: number | undefined) => void;
}

function Body({ chart, found, showsTable, picked, onPick }: BodyProps) {
  if (found.lines.length === 0) {
    const nothing = chart.unit === "share" ? "None in this time." : "No such spans in this time.";
    return <p className={css.empty}>{nothing}</p>;
  }
  return (
    <MetricPlot
      title={`${chart.title}, ${chart.about}`}
      unit={chart.unit}
      found={found}
      showsTable={showsTable}
      picked={picked}
      onPick={(at) => onPick(found.timesMs[at])}
    />
  );
}
