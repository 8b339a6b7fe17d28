import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { duration } from "../format/quantities.ts";
import { type Heat, heatStep } from "./heat.ts";
import { lengthSpread, runStretches } from "./run-stretches.ts";
import css from "./span-row.module.css";
import type { TimeScale } from "./time-scale.ts";

interface RunBarsProps {
  readonly trace: TraceColumns;
  /** Alike, by their start. */
  readonly spans: readonly number[];
  readonly scale: TimeScale;
  readonly color: string;
  readonly heat: Heat | undefined;
}

/** Units that the width has, for those who draw in it. */
const UNITS = 1000;

/** When the spans of a run ran, in one line. However many they are, it is one element for each colour. */
export function RunBars({ trace, spans, scale, color, heat }: RunBarsProps) {
  const { least, most } = lengthSpread(trace, spans);
  const label =
    least === most
      ? `each ${duration(least / 1000)}`
      : `${duration(least / 1000)} to ${duration(most / 1000)}`;
  const byStep = new Map<number | undefined, number[]>();
  for (const span of spans) {
    const step = heat && heatStep(heat, heat.amounts[span]!);
    const own = byStep.get(step);
    if (own === undefined) byStep.set(step, [span]);
    else own.push(span);
  }
  const parts = [...byStep].map(([step, own]) => ({
    step,
    stretches: runStretches(trace, own, scale, UNITS),
  }));
  const ends = parts.flatMap(({ stretches }) => stretches.at(-1)?.[1] ?? []);
  if (ends.length === 0) return <span className={css.hidden}>{label}, outside of the zoom</span>;
  const end = Math.max(...ends) / UNITS;
  const isRight = end < 0.75;
  return (
    <>
      <svg className={css.run} viewBox={`0 0 ${UNITS} 1`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ step, stretches }) => (
          <path
            key={step}
            data-color={color}
            data-heat={step}
            d={stretches.map(([from, to]) => `M${from} 0H${to}V1H${from}z`).join("")}
          />
        ))}
      </svg>
      <span
        className={css.label}
        style={isRight ? { left: `${end * 100}%` } : { right: 0 }}
        data-over={!isRight}
      >
        {label}
      </span>
    </>
  );
}

const BARS = 8;
const BAR_WIDTH = 4;
const HEIGHT = 12;

/** How long the spans of a run took: from short to long, how many. */
export function Spread({
  trace,
  spans,
}: {
  readonly trace: TraceColumns;
  readonly spans: readonly number[];
}) {
  const { least, most, counts } = lengthSpread(trace, spans, BARS);
  if (least === most) return null;
  const highest = Math.max(...counts);
  return (
    <svg className={css.spread} viewBox={`0 0 ${BARS * BAR_WIDTH} ${HEIGHT}`} aria-hidden="true">
      <title>{`How long they took, from ${duration(least / 1000)} to ${duration(most / 1000)}`}</title>
      <path
        d={counts
          .map((count, at) => {
            const height = count === 0 ? 0 : Math.max(1.5, (HEIGHT * count) / highest);
            return `M${at * BAR_WIDTH} ${HEIGHT}v${-height}h${BAR_WIDTH - 1}v${height}z`;
          })
          .join("")}
      />
    </svg>
  );
}
