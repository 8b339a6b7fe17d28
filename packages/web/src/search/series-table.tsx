import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { fullMoment, moment } from "../format/moments.ts";
import { LineSwatch } from "./line-swatch.tsx";
import { seriesName } from "./series-names.ts";
import css from "./series-table.module.css";
import type { SeriesUnit } from "./series-unit.ts";
import { valueText } from "./value-text.ts";

interface SeriesTableProps {
  readonly timesMs: readonly number[];
  readonly series: readonly MetricsSeries[];
  readonly unit: SeriesUnit;
  /** So many are drawn as lines. */
  readonly drawn: number;
  /** The moment whose values are shown; the last one where it is undefined. */
  readonly at: number | undefined;
}

/** A line for each series: its value at a moment, and between what its values are. */
export function SeriesTable({ timesMs, series, unit, drawn, at }: SeriesTableProps) {
  const lastMs = timesMs.at(-1) ?? 0;
  const shownMs = at === undefined ? lastMs : (timesMs[at] ?? lastMs);
  return (
    <section className={css.scroll} tabIndex={0} aria-label="Series">
      <table className={`${css.table} ${css.series}`}>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">{moment(shownMs, lastMs)}</th>
            <th scope="col">Least</th>
            <th scope="col">Most</th>
            <th scope="col">Mean</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ labels, values }, index) => {
            const present = values.filter((value) => value !== null);
            const sum = present.reduce((total, value) => total + value, 0);
            const some = (value: number): string => (present.length === 0 ? "–" : valueText(value, unit));
            return (
              <tr key={index}>
                <th scope="row">
                  <span>
                    {index < drawn && <LineSwatch look={index} />}
                    {seriesName(labels)}
                  </span>
                </th>
                <td>{valueText(values[at ?? values.length - 1] ?? null, unit)}</td>
                <td>{some(Math.min(...present))}</td>
                <td>{some(Math.max(...present))}</td>
                <td>{some(sum / present.length)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Every value of the series that are drawn, by time. */
export function ValueTable({
  timesMs,
  names,
  rows,
  unit,
  label,
}: {
  readonly timesMs: readonly number[];
  readonly names: readonly string[];
  /** The values of each name. */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly unit: SeriesUnit;
  readonly label: string;
}) {
  return (
    <section className={css.scroll} tabIndex={0} aria-label={label}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {names.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {timesMs.map((ms, at) => (
            <tr key={ms}>
              <th scope="row">
                <time dateTime={new Date(ms).toISOString()} title={fullMoment(ms)}>
                  {moment(ms, timesMs.at(-1) ?? ms)}
                </time>
              </th>
              {rows.map((values, index) => (
                <td key={index}>{valueText(values[at] ?? null, unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
