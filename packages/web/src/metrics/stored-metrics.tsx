import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { many } from "../format/quantities.ts";
import { go } from "../location/place.ts";
import { useMetricsPage } from "./metrics-context.ts";
import pageCss from "./metrics-page.module.css";
import { metricsWith } from "./metrics-place.ts";
import { StoredMetricCard } from "./stored-metric-card.tsx";
import css from "./stored-metrics.module.css";
import { useSeen } from "./use-seen.ts";

/** Charts that are there at once, and more with each press. */
const PAGE = 12;

/** Gauges, sums and distributions that programs sent: those whose name fits, each as a chart. */
export function StoredMetrics({ query }: { readonly query: URLSearchParams }) {
  const { queue, fromMs, toMs } = useMetricsPage();
  const box = useRef<HTMLElement>(null);
  const isSeen = useSeen(box);
  const text = query.get("metric")?.trim() ?? "";
  const shown = Math.max(PAGE, Number(query.get("metrics")) || 0);
  const { data, error, refetch } = useQuery({
    queryKey: ["metric-names", text, fromMs, toMs],
    queryFn: ({ signal }) =>
      queue.run(signal, () =>
        api.metricNames({ from: fromMs, to: toMs, ...(text !== "" && { text }) }, { signal }),
      ),
    enabled: isSeen,
    placeholderData: keepPreviousData,
  });
  const items = data?.items ?? [];
  return (
    <section ref={box} className={pageCss.group} aria-labelledby="stored-metrics">
      <header className={css.head}>
        <h2 id="stored-metrics">Sent by programs</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const typed = new FormData(event.currentTarget).get("metric");
            go(metricsWith(query, { metric: String(typed ?? "").trim(), metrics: undefined }));
          }}
        >
          <input
            key={text}
            name="metric"
            defaultValue={text}
            aria-label="Find a metric by part of its name"
            placeholder="Part of a metric's name"
            autoComplete="off"
            spellCheck={false}
          />
          <Button submits>Find</Button>
          {text !== "" && (
            <Button variant="quiet" onClick={() => go(metricsWith(query, { metric: undefined }))}>
              All
            </Button>
          )}
        </form>
        {data !== undefined && items.length > 0 && (
          <span>
            {many(items.length, "metric")}
            {data.isCut && ", and more"}
          </span>
        )}
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {data === undefined && error === null && (
        <div className={css.loading} role="status" aria-label="Loading metrics" />
      )}
      {data?.partial && (
        <p className={pageCss.note} role="status">
          Looking for names took as long as it may. Choose a shorter time, or a part of a name.
        </p>
      )}
      {data !== undefined && items.length === 0 && !data.partial && (
        <p className={css.empty}>
          {text === ""
            ? "No program sent gauges, sums or histograms over OTLP in this time. The charts above are of spans and need none."
            : `No metric whose name holds “${text}” in this time.`}
        </p>
      )}
      <div className={pageCss.grid}>
        {items.slice(0, shown).map((metric) => (
          <StoredMetricCard key={`${metric.name} ${metric.kind} ${metric.unit}`} metric={metric} />
        ))}
      </div>
      {items.length > shown && (
        <Button
          className={css.more}
          onClick={() => go(metricsWith(query, { metrics: String(shown + PAGE) }), { replace: true })}
        >
          Show {Math.min(PAGE, items.length - shown)} more
        </Button>
      )}
    </section>
  );
}
