import { type PointerEvent, useRef, useState } from "react";
import { timeTicks, valueTicks } from "./axis.ts";
import css from "./line-chart.module.css";
import type { SeriesUnit } from "./series-unit.ts";
import { type Stretch, useBrush } from "./use-brush.ts";
import { useWidth } from "./use-width.ts";
import { valueText } from "./value-text.ts";

/** A line; its place among the lines decides how it looks. */
export interface ChartLine {
  readonly name: string;
  /** One for each moment; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface LineChartProps {
  readonly label: string;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly unit: SeriesUnit;
  /** The moment that the pointer is at. */
  readonly at: number | undefined;
  readonly onAt: (at: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 220;
const LEFT = 58;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;
const LABEL_PX = 90;
const LOOKS = 12;

/** Lines over time, told from each other by colour and dashes. What it shows has to be in a table too. */
export function LineChart({ label, timesMs, lines, unit, at, onAt, onZoom }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const inner = Math.max(1, width - LEFT - RIGHT);
  const from = timesMs[0] ?? 0;
  const to = timesMs.at(-1) ?? 0;
  const length = Math.max(1, to - from);
  const present = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const ticks = valueTicks(Math.min(0, ...present), Math.max(0, ...present), 4);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (ms: number): number => LEFT + ((ms - from) / length) * inner;
  const y = (value: number): number =>
    TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const { stretch, handlers } = useBrush(([a, b]: Stretch) => onZoom(from + a * length, from + b * length));
  const [isOver, setOver] = useState(false);
  const point = (event: PointerEvent<Element>): void => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    setOver(true);
    onAt(nearest(timesMs, from + ((event.clientX - left) / Math.max(1, wide)) * length));
  };
  const marked = isOver && at !== undefined ? timesMs[at] : undefined;
  return (
    <div ref={box} className={css.chart}>
      {width > 0 && (
        <svg role="img" aria-label={label} width={width} height={HEIGHT}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={css.grid} x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text className={css.tick} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {valueText(tick, unit)}
              </text>
            </g>
          ))}
          {timeTicks(from, to, inner / LABEL_PX).map(({ value, label: text }) => (
            <text key={value} className={css.tick} x={x(value)} y={HEIGHT - 6} textAnchor="middle">
              {text}
            </text>
          ))}
          {lines.map(({ name, values }, index) => (
            <path
              key={name}
              className={css.line}
              data-look={index % LOOKS}
              d={pathOf(timesMs, values, x, y)}
            />
          ))}
          {marked !== undefined && (
            <line className={css.cursor} x1={x(marked)} x2={x(marked)} y1={TOP} y2={HEIGHT - BOTTOM} />
          )}
        </svg>
      )}
      <div
        className={css.plot}
        style={{ left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM }}
        title="Drag to zoom"
        {...handlers}
        onPointerMove={(event) => {
          handlers.onPointerMove(event);
          point(event);
        }}
        onPointerLeave={() => {
          setOver(false);
          onAt(undefined);
        }}
      >
        {stretch && (
          <span style={{ left: `${stretch[0] * 100}%`, width: `${(stretch[1] - stretch[0]) * 100}%` }} />
        )}
      </div>
    </div>
  );
}

/** Gaps where there is no value; a point alone is a dot. */
function pathOf(
  timesMs: readonly number[],
  values: readonly (number | null)[],
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const place = `${x(timesMs[index] ?? 0).toFixed(1)} ${y(value).toFixed(1)}`;
    const goesOn = index > 0 && values[index - 1] !== null;
    path += goesOn ? `L${place}` : `M${place}h0`;
  }
  return path;
}

function nearest(timesMs: readonly number[], ms: number): number | undefined {
  let best: number | undefined;
  for (const [index, time] of timesMs.entries())
    if (best === undefined || Math.abs(time - ms) < Math.abs(timesMs[best]! - ms)) best = index;
  return best;
}
