import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { ValueTable } from "../search/series-table.tsx";
import { type Stretch, useBrush } from "../search/use-brush.ts";
import { type Counts, countsOf } from "./counts.ts";
import css from "./trace-histogram.module.css";

const HEIGHT = 44;
/** What is there can be seen. */
const LEAST_PX = 2;

interface HistogramBarsProps {
  readonly answer: MetricsAnswer;
  /** Leads to all of the time, where a part of it is shown. */
  readonly whole: string | undefined;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

/** Bars over time, failed ones in red; what they say in words above, and in a table on demand. */
export function HistogramBars({ answer, whole, onZoom }: HistogramBarsProps) {
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
