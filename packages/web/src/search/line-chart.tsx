import { type PointerEvent, useMemo, useRef } from "react";
import { timeTicks, valueTicks } from "./axis.ts";
import css from "./line-chart.module.css";
import type { SeriesUnit } from "./series-unit.ts";
import { type Stretch, useBrush } from "./use-brush.ts";
import { useWidth } from "./use-width.ts";
import { valueText } from "./value-text.ts";

/** A line; its place among the lines decides how it looks, unless it says so itself. */
export interface ChartLine {
  readonly name: string;
  /** One for each moment; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly look?: number | undefined;
}

interface LineChartProps {
  readonly label: string;
  readonly timesMs: readonly number[];
  /** The same object as long as they are the same. */
  readonly lines: readonly ChartLine[];
  readonly unit: SeriesUnit;
  /** The moment that is marked, as an index. */
  readonly at: number | undefined;
  readonly onAt: (at: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  /** A moment was clicked at. */
  readonly onPick?: ((at: number) => void) | undefined;
  /** In CSS pixels. */
  readonly height?: number;
}

const HEIGHT = 220;
const LEFT = 58;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;
const LABEL_PX = 90;
const TICK_PX = 46;
const LOOKS = 12;

/** Lines over time, told from each other by colour and dashes. What it shows has to be in a table too. */
export function LineChart(props: LineChartProps) {
  const { label, timesMs, lines, unit, at, onAt, onZoom, onPick, height = HEIGHT } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const from = timesMs[0] ?? 0;
  const length = Math.max(1, (timesMs.at(-1) ?? 0) - from);
  const brush = useBrush(([a, b]: Stretch) => onZoom(from + a * length, from + b * length));
  const { stretch, handlers } = brush;
  const pointed = (event: PointerEvent<Element>): number | undefined => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    return nearest(timesMs, from + ((event.clientX - left) / Math.max(1, wide)) * length);
  };
  const pressedPx = useRef(0);
  // Moving the mark draws nothing but the mark.
  const drawing = useMemo(
    () => (width > 0 ? <Drawing {...{ timesMs, lines, unit, width, height }} /> : null),
    [timesMs, lines, unit, width, height],
  );
  const marked = at === undefined ? undefined : timesMs[at];
  const x = marked === undefined ? 0 : ((marked - from) / length) * Math.max(1, width - LEFT - RIGHT);
  return (
    <div ref={box} className={css.chart} style={{ height }}>
      {width > 0 && (
        <svg role="img" aria-label={label} width={width} height={height}>
          {drawing}
        </svg>
      )}
      <div
        className={css.plot}
        style={{ left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM }}
        title={onPick ? "Click for examples, drag to zoom" : "Drag to zoom"}
        {...handlers}
        onPointerDown={(event) => {
          pressedPx.current = event.clientX;
          handlers.onPointerDown(event);
        }}
        onPointerUp={(event) => {
          handlers.onPointerUp(event);
          const index = pointed(event);
          const isClick = Math.abs(event.clientX - pressedPx.current) < CLICK_PX && event.button === 0;
          if (isClick && index !== undefined) onPick?.(index);
        }}
        onPointerMove={(event) => {
          handlers.onPointerMove(event);
          onAt(pointed(event));
        }}
        onPointerLeave={() => onAt(undefined)}
      >
        {marked !== undefined && (
          <i className={css.cursor} style={{ transform: `translateX(${x.toFixed(1)}px)` }} />
        )}
        {stretch && (
          <span style={{ left: `${stretch[0] * 100}%`, width: `${(stretch[1] - stretch[0]) * 100}%` }} />
        )}
      </div>
    </div>
  );
}

/** A drag that is shorter is none. */
const CLICK_PX = 4;

type DrawingProps = Pick<LineChartProps, "timesMs" | "lines" | "unit"> & {
  readonly width: number;
  readonly height: number;
};

function Drawing({ timesMs, lines, unit, width, height }: DrawingProps) {
  const inner = Math.max(1, width - LEFT - RIGHT);
  const from = timesMs[0] ?? 0;
  const to = timesMs.at(-1) ?? 0;
  const length = Math.max(1, to - from);
  const present = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const ticks = valueTicks(
    present.reduce((least, value) => Math.min(least, value), 0),
    present.reduce((most, value) => Math.max(most, value), 0),
    Math.max(2, Math.floor((height - TOP - BOTTOM) / TICK_PX)),
  );
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (ms: number): number => LEFT + ((ms - from) / length) * inner;
  const y = (value: number): number =>
    TOP + (1 - (value - low) / (high - low || 1)) * (height - TOP - BOTTOM);
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={css.grid} x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text className={css.tick} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {valueText(tick, unit)}
          </text>
        </g>
      ))}
      {timeTicks(from, to, inner / LABEL_PX).map(({ value, label: text }) => (
        <text key={value} className={css.tick} x={x(value)} y={height - 6} textAnchor="middle">
          {text}
        </text>
      ))}
      {lines.map(({ name, values, look }, index) => (
        <path
          key={name}
          className={css.line}
          data-look={(look ?? index) % LOOKS}
          d={pathOf(timesMs, values, x, y)}
        />
      ))}
    </>
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
