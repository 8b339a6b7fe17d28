import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { memo, useMemo } from "react";
import { Icon } from "../elements/icon.tsx";
import { cost, count, duration, exact } from "../format/quantities.ts";
import { type AlikeRuns, spansOfRun } from "./alike-runs.ts";
import { type Heat, heatStep, heatText } from "./heat.ts";
import { marksOf, type PathMark, type PathMarks } from "./path-marks.ts";
import { RunBars, Spread } from "./run-bars.tsx";
import type { ShownTree } from "./shown-tree.ts";
import { aside, textOf } from "./span-facts.ts";
import { lookOfSpan } from "./span-look.ts";
import css from "./span-row.module.css";
import type { TimeScale } from "./time-scale.ts";
import type { TraceSums } from "./trace-sums.ts";
import { endOf, isRunning, type TimeWindow } from "./trace-time.ts";

interface SpanRowProps {
  readonly trace: TraceColumns;
  readonly tree: ShownTree;
  readonly sums: TraceSums;
  readonly span: number;
  /** Place among the rows, from 0. */
  readonly row: number;
  readonly top: number;
  readonly height: number;
  readonly isClosed: boolean;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  /** Undefined while nothing is looked for. */
  readonly isFound: boolean | undefined;
  /** Undefined while the critical path is not shown. */
  readonly path: PathMarks | undefined;
  readonly runs: AlikeRuns;
  /** Folded: the row stands for the run that begins with the span. Unfolded: it can be folded again. */
  readonly run: "folded" | "unfolded" | undefined;
  /** Undefined while bars have the colours of what they are. */
  readonly heat: Heat | undefined;
  readonly scale: TimeScale;
  readonly whole: TimeWindow;
  readonly onSelect: (span: number) => void;
  readonly onToggle: (span: number, closed: boolean) => void;
  readonly onFold: (first: number, folded: boolean) => void;
}

const INDENT_PX = 16;
/** Deeper rows are not indented any further, and say how deep they are. */
const MOST_INDENT = 12;
/** A label fits right of bars that end before this part of the width, else left of them. */
const LABEL_RIGHT_UNTIL = 0.82;

export function rowId(row: number): string {
  return `span-row-${row}`;
}

/** Of the rows in view, scrolling makes only those that are new. */
export const SpanRow = memo((props: SpanRowProps) => {
  const { trace, tree, sums, span, row, isClosed, path, runs, run, heat } = props;
  const look = lookOfSpan(trace, span);
  const depth = tree.depth[span]!;
  const below = tree.size[span]! - 1;
  const times = runs.times[span]!;
  const isFolded = run === "folded";
  const folded = useMemo(
    () => (isFolded ? spansOfRun(tree, runs, span) : undefined),
    [isFolded, tree, runs, span],
  );
  const isError = trace.status[span] === 2;
  // An error without one below it is where the trouble began; the others passed it on.
  const error = !isError ? undefined : sums.errors[span] === 1 ? "origin" : "passed";
  const hiddenErrors = isClosed ? sums.errors[span]! - (isError ? 1 : 0) : 0;
  // What a call of HTTP adds up to, the span above it says already.
  const saysTokens = look.color !== "plain" || depth === 0;
  const sumOf = (column: Float64Array): number =>
    folded === undefined ? column[span]! : folded.reduce((sum, one) => sum + column[one]!, 0);
  const tokens = saysTokens ? sumOf(sums.inputTokens) + sumOf(sums.outputTokens) : 0;
  const costMicro = sumOf(sums.costMicro);
  const marks = path === undefined ? [] : marksOf(path, tree, span, isFolded ? runs.beyond[span]! : isClosed);
  const amount = heat === undefined ? 0 : sumOf(heat.amounts);
  const name = textOf(trace, "name", span);
  const more = aside(trace, span);
  const running = isRunning(trace, span);
  return (
    <div
      role="row"
      id={rowId(row)}
      aria-rowindex={row + 1}
      aria-level={depth + 1}
      aria-expanded={isFolded ? false : below > 0 ? !isClosed : undefined}
      aria-selected={props.isSelected}
      className={css.row}
      data-active={props.isActive}
      data-error={error}
      data-found={props.isFound}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
      onClick={() => props.onSelect(span)}
    >
      <div
        role="gridcell"
        className={css.name}
        style={{ paddingLeft: 8 + Math.min(depth, MOST_INDENT) * INDENT_PX }}
      >
        {depth > MOST_INDENT && <span className={css.depth}>{depth}</span>}
        {isFolded ? (
          <button
            type="button"
            tabIndex={-1}
            className={css.toggle}
            data-closed="true"
            aria-label={`Unfold ${exact(times)} alike`}
            onClick={(event) => {
              event.stopPropagation();
              props.onFold(span, false);
            }}
          >
            <Icon name="chevron" />
          </button>
        ) : below > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            className={css.toggle}
            data-closed={isClosed}
            aria-label={isClosed ? `Open ${exact(below)} below` : "Close"}
            onClick={(event) => {
              event.stopPropagation();
              props.onToggle(span, !isClosed);
            }}
          >
            <Icon name="chevron" />
          </button>
        ) : (
          <span className={css.leaf} />
        )}
        <span className={css.kind} data-color={look.color} title={look.word}>
          <Icon name={look.icon} />
          <span className={css.hidden}>{look.word}</span>
        </span>
        <span className={css.text} title={more === "" ? name : `${name} · ${more}`}>
          <span className={css.title}>{name || "(no name)"}</span>
          {more !== "" && <span className={css.more}>{more}</span>}
        </span>
        {folded !== undefined && (
          <span className={css.times}>
            ×{exact(times)}
            <Spread trace={trace} spans={folded} />
          </span>
        )}
        {run === "unfolded" && (
          <button
            type="button"
            tabIndex={-1}
            className={css.refold}
            title="Fold into one row (←)"
            aria-label={`Fold ${exact(times)} alike`}
            onClick={(event) => {
              event.stopPropagation();
              props.onFold(span, true);
            }}
          >
            ×{exact(times)}
          </button>
        )}
        {isError && (
          <span className={css.error} title={textOf(trace, "err", span) || "Error"}>
            <Icon name="error" />
            <span className={css.hidden}>error</span>
          </span>
        )}
        {isClosed && !isFolded && (
          <span className={css.below} data-errors={hiddenErrors > 0}>
            {exact(below)}
            {hiddenErrors > 0 && <span className={css.hidden}> with {exact(hiddenErrors)} errors</span>}
          </span>
        )}
        {heat !== undefined ? (
          <span className={css.heat} data-heat={heatStep(heat, amount)}>
            {heatText(heat.name, amount)}
          </span>
        ) : (
          tokens > 0 && (
            <span className={css.tokens}>
              {count(tokens)} tok
              {costMicro > 0 && <span className={css.cost}> {cost(costMicro / 1e6)}</span>}
            </span>
          )
        )}
      </div>
      <div role="gridcell" className={css.time}>
        {folded === undefined ? (
          <Bar
            trace={trace}
            span={span}
            scale={props.scale}
            whole={props.whole}
            color={look.color}
            heat={heat && heatStep(heat, amount)}
            running={running}
          />
        ) : (
          <RunBars trace={trace} spans={folded} scale={props.scale} color={look.color} heat={heat} />
        )}
        {marks.length > 0 && <Marks marks={marks} scale={props.scale} />}
      </div>
    </div>
  );
});

/** The stretches of the critical path that the span, or what is hidden below it, is on. */
function Marks({ marks, scale }: { readonly marks: readonly PathMark[]; readonly scale: TimeScale }) {
  return (
    <>
      <span className={css.hidden}>on the critical path</span>
      {marks.map(({ from, to, kind }) => {
        const part = scale.part(from, to);
        if (part === undefined) return null;
        const style = { left: `${part.left * 100}%`, width: `${part.width * 100}%` };
        return <span key={from} className={css.mark} data-kind={kind} style={style} />;
      })}
    </>
  );
}

interface BarProps {
  readonly trace: TraceColumns;
  readonly span: number;
  readonly scale: TimeScale;
  readonly whole: TimeWindow;
  readonly color: string;
  /** Step of the ramp that takes the place of the colour. */
  readonly heat: number | undefined;
  readonly running: boolean;
}

function Bar({ trace, span, scale, whole, color, heat, running }: BarProps) {
  const bar = scale.part(trace.start[span] ?? 0, endOf(trace, span, whole));
  const dur = trace.dur[span] ?? 0;
  const ms = running ? (endOf(trace, span, whole) - (trace.start[span] ?? 0)) / 1000 : dur / 1000;
  const label = running ? `running, ${duration(ms)}` : dur < 0 ? "ends before its start" : duration(ms);
  if (bar === undefined) return <span className={css.hidden}>{label}, outside of the zoom</span>;
  const end = bar.left + bar.width;
  const isRight = end <= LABEL_RIGHT_UNTIL || bar.left < 1 - LABEL_RIGHT_UNTIL;
  const isInside = isRight && end > LABEL_RIGHT_UNTIL;
  return (
    <>
      <span
        className={css.bar}
        data-color={color}
        data-heat={heat}
        data-running={running}
        style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
      />
      <span
        className={css.label}
        data-inside={isInside}
        style={
          isInside
            ? { right: `${(1 - end) * 100}%` }
            : isRight
              ? { left: `${end * 100}%` }
              : { right: `${(1 - bar.left) * 100}%` }
        }
      >
        {label}
      </span>
    </>
  );
}
