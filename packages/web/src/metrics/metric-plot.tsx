import { useMemo, useRef, useState } from "react";
import { moment } from "../format/moments.ts";
import { many } from "../format/quantities.ts";
import { LineChart } from "../search/line-chart.tsx";
import { LineSwatch } from "../search/line-swatch.tsx";
import { ValueTable } from "../search/series-table.tsx";
import type { SeriesUnit } from "../search/series-unit.ts";
import { valueText } from "../search/value-text.ts";
import type { MetricLines } from "./chart-lines.ts";
import { useCrosshair } from "./crosshair.ts";
import css from "./metric-plot.module.css";
import { useMetricsPage } from "./metrics-context.ts";
import { useInView } from "./use-in-view.ts";

const HEIGHT = 170;

interface MetricPlotProps {
  readonly title: string;
  readonly unit: SeriesUnit;
  readonly found: MetricLines;
  readonly showsTable: boolean;
  /** Index of the moment that was chosen; -1 for none. */
  readonly picked?: number;
  readonly onPick?: (at: number) => void;
}

/** Lines with a legend whose entries hide them; all charts of the page mark the same moment. */
export function MetricPlot({ title, unit, found, showsTable, picked = -1, onPick }: MetricPlotProps) {
  const { crosshair, onZoom } = useMetricsPage();
  const { timesMs, lines, left } = found;
  const box = useRef<HTMLDivElement>(null);
  const pointed = useCrosshair(crosshair, timesMs, useInView(box));
  const at = pointed ?? (picked >= 0 ? picked : undefined);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => lines.filter(({ name }) => !hidden.has(name)), [lines, hidden]);
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const isDrawn = timesMs.length > 1;
  return (
    <div ref={box}>
      {isDrawn && (
        <LineChart
          label={`${title}: ${many(shown.length, "line")} over time; the table says the same`}
          timesMs={timesMs}
          lines={shown}
          unit={unit}
          at={at}
          onAt={(index) => crosshair.set(index === undefined ? undefined : timesMs[index])}
          onZoom={onZoom}
          onPick={onPick}
          height={HEIGHT}
        />
      )}
      <div className={css.legend}>
        <span className={css.moment}>
          {at === undefined ? "Last values" : moment(timesMs[at] ?? 0, Date.now())}
        </span>
        {lines.map(({ name, values, look = 0 }) => (
          <button
            key={name}
            type="button"
            aria-pressed={!hidden.has(name)}
            title={hidden.has(name) ? `Show ${name}` : `Hide ${name}`}
            onClick={() => toggle(name)}
          >
            <LineSwatch look={look % LOOKS} />
            <span>{name}</span>
            <b>{valueText(at === undefined ? lastOf(values) : (values[at] ?? null), unit)}</b>
          </button>
        ))}
        {left > 0 && <span className={css.left}>{many(left, "smaller line")} not drawn</span>}
      </div>
      {showsTable && (
        <div className={css.table}>
          <ValueTable
            label={`${title}, by time`}
            timesMs={timesMs}
            names={lines.map(({ name }) => name)}
            rows={lines.map(({ values }) => values)}
            unit={unit}
          />
        </div>
      )}
    </div>
  );
}

const LOOKS = 12;

function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
