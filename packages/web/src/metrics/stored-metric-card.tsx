import type { StoredMetricName } from "@clew/protocol/api/stored-metrics";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import css from "./metric-card.module.css";
import { MetricPlot } from "./metric-plot.tsx";
import { useMetricsPage } from "./metrics-context.ts";
import { storedLinesOf, unitOf } from "./stored-lines.ts";
import { useSeen } from "./use-seen.ts";

const KINDS = {
  gauge: "gauge",
  sum: "sum",
  histogram: "histogram",
  exponential_histogram: "histogram",
  summary: "summary",
} as const;
const SHOWS = { value: "value", rate: "rise per second", quantile: "percentiles" } as const;

/** What was sent of one metric, asked for when it comes into view. */
export function StoredMetricCard({ metric }: { readonly metric: StoredMetricName }) {
  const { queue, looks, fromMs, toMs } = useMetricsPage();
  const id = useId();
  const box = useRef<HTMLElement>(null);
  const isSeen = useSeen(box);
  const [by, setBy] = useState("");
  const [showsTable, setShowsTable] = useState(false);
  const { name, kind, unit } = metric;
  const request = { name, kind, unit, from: fromMs, to: toMs, ...(by !== "" && { by }) };
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: ["stored-metric", request],
    queryFn: ({ signal }) => queue.run(signal, () => api.storedMetric(request, { signal })),
    enabled: isSeen,
    placeholderData: keepPreviousData,
  });
  const found = useMemo(() => data && storedLinesOf(data, unit, looks), [data, unit, looks]);
  const shows = data && SHOWS[data.shows];
  const about = [KINDS[kind], shows, unit].filter((one) => one !== undefined && one !== "").join(", ");
  return (
    <section ref={box} className={css.card} aria-labelledby={id} aria-busy={isFetching}>
      <header className={css.head}>
        <h3 id={id} title={metric.description === "" ? name : `${name}: ${metric.description}`}>
          {name} <small>{about}</small>
        </h3>
        <select
          className={css.by}
          aria-label={`Lines of ${name}`}
          value={by}
          onChange={({ target }) => setBy(target.value)}
        >
          <option value="">All in one</option>
          <option value="service">By service</option>
          {(data?.attributeNames ?? []).map((attribute) => (
            <option key={attribute} value={`attr.${attribute}`}>
              By {attribute}
            </option>
          ))}
        </select>
        <Button
          variant="quiet"
          aria-expanded={showsTable}
          title="The same as a table"
          onClick={() => setShowsTable(!showsTable)}
        >
          Table
        </Button>
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {data?.partial && (
        <p className={css.note} role="status">
          It took as long, or would have read more, than a query may. Choose a shorter time.
        </p>
      )}
      {found === undefined ? (
        error === null && <div className={css.loading} role="status" aria-label={`Loading ${name}`} />
      ) : found.lines.length === 0 ? (
        <p className={css.empty}>No values in this time.</p>
      ) : (
        <div className={css.body} data-old={isPlaceholderData}>
          <MetricPlot
            title={name}
            unit={unitOf(unit, data?.shows ?? "value").shown}
            found={found}
            showsTable={showsTable}
          />
        </div>
      )}
    </section>
  );
}
