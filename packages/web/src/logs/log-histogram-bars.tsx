import type { LogHistogram } from "@clew/protocol/api/log-histogram";
import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { ValueTable } from "../search/series-table.tsx";
import { type Stretch, useBrush } from "../search/use-brush.ts";
import frame from "../traces/trace-histogram.module.css";
import css from "./log-histogram-bars.module.css";
import type { Severity } from "./severity.ts";
import { severityWord } from "./severity-mark.tsx";

interface LogHistogramBarsProps {
  readonly answer: LogHistogram;
  /** Leads to all of the time, where a part of it is shown. */
  readonly whole: string | undefined;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 44;
/** What is there can be seen. */
const LEAST_PX = 1.5;

/** Stacked bars over time, the most severe at the bottom; what they say in words above, and in a table on demand. */
export function LogHistogramBars({ answer, whole, onZoom }: LogHistogramBarsProps) {
  const [showsTable, setShowsTable] = useState(false);
  const { timesMs, stepMs, counts, partial } = answer;
  const fromMs = timesMs[0] ?? 0;
  const { stretch, handlers } = useBrush(([a, b]: Stretch) =>
    onZoom(fromMs + Math.floor(a * timesMs.length) * stepMs, fromMs + Math.ceil(b * timesMs.length) * stepMs),
  );
  const falling = counts.toReversed();
  const most = Math.max(1, ...timesMs.map((_, step) => sum(counts.map((one) => one.counts[step] ?? 0))));
  const told = toldOf(falling);
  return (
    <>
      <div className={frame.head}>
        <span>{told}</span>
        {partial && <span>counted since {moment(partial.fromMs, Date.now())}</span>}
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
      <div className={frame.plot} {...handlers}>
        <svg
          role="img"
          aria-label={told}
          viewBox={`0 0 ${timesMs.length} ${HEIGHT}`}
          preserveAspectRatio="none"
        >
          {timesMs.map((ms, step) => (
            <Bar key={ms} step={step} ms={ms} falling={falling} most={most} />
          ))}
        </svg>
        {stretch && (
          <span style={{ left: `${stretch[0] * 100}%`, width: `${(stretch[1] - stretch[0]) * 100}%` }} />
        )}
      </div>
      <div className={frame.ends} aria-hidden="true">
        <span>{moment(fromMs, Date.now())}</span>
        <span>{moment(fromMs + timesMs.length * stepMs, Date.now())}</span>
      </div>
      {showsTable && (
        <div className={css.table}>
          <ValueTable
            label="Records by time"
            timesMs={timesMs}
            names={falling.map(({ severity }) => severityWord(severity))}
            rows={falling.map((one) => one.counts)}
            unit="number"
          />
        </div>
      )}
    </>
  );
}

interface BarProps {
  readonly step: number;
  readonly ms: number;
  readonly falling: LogHistogram["counts"];
  readonly most: number;
}

function Bar({ step, ms, falling, most }: BarProps) {
  const parts = falling
    .map(({ severity, counts }) => ({ severity, count: counts[step] ?? 0 }))
    .filter(({ count }) => count > 0);
  let top = HEIGHT;
  return (
    <g>
      <title>{`${moment(ms, Date.now())}: ${parts.length === 0 ? "none" : words(parts)}`}</title>
      <rect className={frame.hit} x={step} width={1} y={0} height={HEIGHT} />
      {parts.map(({ severity, count }) => {
        const height = Math.max(LEAST_PX, (count / most) * HEIGHT);
        top -= height;
        return (
          <rect
            key={severity}
            className={css.part}
            data-severity={severity}
            x={step + 0.1}
            width={0.8}
            y={top}
            height={height}
          />
        );
      })}
    </g>
  );
}

function toldOf(falling: LogHistogram["counts"]): string {
  const sums = falling.map(({ severity, counts }) => ({ severity, count: sum(counts) }));
  const total = many(sum(sums.map(({ count }) => count)), "record");
  return sums.length === 0 ? total : `${total}: ${words(sums)}`;
}

function words(parts: readonly { readonly severity: Severity; readonly count: number }[]): string {
  return parts
    .map(({ severity, count }) => `${exact(count)} ${severity === "unset" ? "without severity" : severity}`)
    .join(", ");
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
