import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../elements/button.tsx";
import { fullMoment } from "../format/moments.ts";
import { go, type Place } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { EmptyList } from "../traces/list-states.tsx";
import { chartsOf } from "./charts.ts";
import { Crosshair } from "./crosshair.ts";
import { Looks } from "./looks.ts";
import { MetricCard } from "./metric-card.tsx";
import { MetricsContext } from "./metrics-context.ts";
import { MetricsControls } from "./metrics-controls.tsx";
import css from "./metrics-page.module.css";
import { metricsPlaceOf, metricsWith, momentMs } from "./metrics-place.ts";
import { RequestQueue } from "./request-queue.ts";
import { readSpanFilter } from "./span-filter.ts";
import { StoredMetrics } from "./stored-metrics.tsx";

const AT_ONCE = 2;
const REFRESH_MS = 30_000;
/** Whoever asks again within this gets the same answer. */
const ROUND_MS = 5000;
const HOUR_MS = 3_600_000;

/** What agents, services, models and tools did over time. */
export function MetricsPage({ place }: { readonly place: Place }) {
  const { query } = place;
  const asked = useMemo(() => metricsPlaceOf(query), [query]);
  const live = query.get("live") === "on" && asked.to === undefined;
  const [nowMs, again] = useNowOnDemand(live);
  const search = useRef<HTMLInputElement>(null);
  const [parts] = useState(() => ({
    queue: new RequestQueue(AT_ONCE),
    crosshair: new Crosshair(),
    looks: new Looks(),
  }));
  const toMs = asked.to === undefined ? nowMs : (momentMs(asked.to, nowMs) ?? nowMs);
  const fromMs = Math.min(momentMs(asked.from, nowMs) ?? toMs - HOUR_MS, toMs - 1);
  const page = useMemo(
    () => ({
      ...parts,
      fromMs,
      toMs,
      onZoom: (from: number, to: number) =>
        go(
          metricsWith(new URLSearchParams(location.search), {
            from: String(Math.floor(from)),
            to: String(Math.ceil(to)),
            since: undefined,
          }),
        ),
    }),
    [parts, fromMs, toMs],
  );
  const filter = useMemo(() => readSpanFilter(asked.filter, asked.conditions), [asked]);
  const groups = "refused" in filter ? [] : chartsOf(asked.by, filter.condition);
  useTitle("Metrics");
  useKeys({ "/": () => search.current?.focus(), r: again });
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Metrics</h1>
        <p title={`${fullMoment(fromMs)} to ${fullMoment(toMs)}`}>
          Of spans; every chart is a TraceQL query that can be looked into.
        </p>
        <Button
          aria-pressed={live}
          disabled={asked.to !== undefined}
          title="Asks again every 30 seconds"
          onClick={() => go(metricsWith(query, { live: live ? undefined : "on" }), { replace: true })}
        >
          Refresh by itself
        </Button>
        <Button title="Ask again (r)" onClick={again}>
          Refresh
        </Button>
      </header>
      <MetricsControls query={query} asked={asked} search={search} />
      {"refused" in filter ? (
        <EmptyList title="This filter cannot be charted">{filter.refused}</EmptyList>
      ) : (
        <MetricsContext value={page}>
          {filter.left.length > 0 && (
            <p className={css.note} role="status">
              Not looked at, as a span has no such thing:{" "}
              {filter.left.map(({ name, value }) => `${name} ${value}`).join(", ")}.
            </p>
          )}
          {groups.map(({ title, charts }) => (
            <section key={title} className={css.group} aria-label={title}>
              <h2>{title}</h2>
              <div className={css.grid}>
                {charts.map((chart) => (
                  <MetricCard key={chart.id} chart={chart} />
                ))}
              </div>
            </section>
          ))}
          <StoredMetrics query={query} />
        </MetricsContext>
      )}
    </div>
  );
}

/** The time when it was asked for last; while `live` it asks itself. */
function useNowOnDemand(live: boolean): readonly [nowMs: number, again: () => void] {
  const [nowMs, setNowMs] = useState(roundedNow);
  const again = (): void => setNowMs(roundedNow());
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => {
      if (!document.hidden) setNowMs(roundedNow());
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [live]);
  return [nowMs, again];
}

function roundedNow(): number {
  return Math.ceil(Date.now() / ROUND_MS) * ROUND_MS;
}
