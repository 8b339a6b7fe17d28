import type { MetricsExemplar } from "@clew/protocol/api/metrics";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { IconButton } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { moment } from "../format/moments.ts";
import { Link } from "../location/link.tsx";
import { valueText } from "../search/value-text.ts";
import type { MetricLines } from "./chart-lines.ts";
import type { Chart } from "./charts.ts";
import { useMetricsPage } from "./metrics-context.ts";
import css from "./moment-examples.module.css";
import { searchAddress, spansOf } from "./trace-links.ts";

interface MomentExamplesProps {
  readonly chart: Chart;
  readonly found: MetricLines;
  /** Index of the moment. */
  readonly at: number;
  readonly onClose: () => void;
}

/** As many as an answer may tell; the largest of them are shown. */
const ASKED = 100;
const SHOWN = 8;
/** A trace may begin so long before one of its spans. */
const BEFORE_MS = 900_000;

/** The spans behind a point of a chart, those that contribute most first, each in its trace. */
export function MomentExamples({ chart, found, at, onClose }: MomentExamplesProps) {
  const { queue } = useMetricsPage();
  const { timesMs, lines } = found;
  const toMs = timesMs[at] ?? 0;
  const stepMs = (timesMs[1] ?? 0) - (timesMs[0] ?? 0);
  const fromMs = toMs - stepMs;
  const choices = lines.filter(({ value }) => value !== undefined);
  const [chosen, setChosen] = useState<string>();
  const line = choices.find(({ name }) => name === chosen);
  const filter = spansOf(chart, line?.value);
  const q = `${filter} | ${chart.measure}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["examples", q, fromMs, toMs],
    queryFn: ({ signal }) =>
      queue.run(signal, () =>
        api.metrics({ q, from: fromMs, to: toMs, step: "none", exemplars: ASKED }, { signal }),
      ),
  });
  const examples = data && largest(data.series.flatMap(({ exemplars }) => exemplars));
  return (
    <section className={css.examples} aria-label={`Examples of ${chart.title}`}>
      <header>
        <span>
          {moment(fromMs, Date.now())} to {moment(toMs, Date.now())}
        </span>
        {choices.length > 1 && (
          <select aria-label="Of" value={chosen ?? ""} onChange={({ target }) => setChosen(target.value)}>
            <option value="">All lines</option>
            {choices.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <IconButton icon="close" label="Close the examples" onClick={onClose} />
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <p role="status">Looking for spans …</p>}
      {examples?.length === 0 && <p>No span of this time.</p>}
      {examples !== undefined && examples.length > 0 && (
        <ol>
          {examples.map(({ traceId, spanId, timeMs, value }) => (
            <li key={spanId + traceId}>
              <Link href={`/traces/${traceId}?span=${spanId}`}>
                <time>{moment(timeMs, Date.now())}</time>
                <b>{value === null ? "" : valueText(value, unitOf(chart))}</b>
                <span>
                  trace <code>{traceId.slice(0, 8)}</code>
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
      <Link href={searchAddress(filter, fromMs - BEFORE_MS, toMs)}>
        All traces with such spans, of about then
      </Link>
    </section>
  );
}

/** What each span contributes has the unit of the sum; of counts nothing. */
function unitOf({ measure, unit }: Chart) {
  return measure.includes("duration") || measure.includes("first_token")
    ? "seconds"
    : measure.includes("cost")
      ? "usd"
      : unit === "share"
        ? "number"
        : unit;
}

function largest(exemplars: readonly MetricsExemplar[]): readonly MetricsExemplar[] {
  return exemplars.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0) || b.timeMs - a.timeMs).slice(0, SHOWN);
}
