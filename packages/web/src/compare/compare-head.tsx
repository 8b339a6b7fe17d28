import type { TraceSum } from "@clew/protocol/analysis/comparison/comparison";
import { type ReactNode, useMemo } from "react";
import { IconButton } from "../elements/button.tsx";
import { Hidden } from "../elements/hidden.tsx";
import { type Status, StatusMark } from "../elements/status-mark.tsx";
import { ago, fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { mainSpan, textOf } from "../trace/span-facts.ts";
import { isRunning } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import css from "./compare-head.module.css";
import type { Compared } from "./compared.ts";
import { type Side, SideBadge } from "./side-badge.tsx";
import { signed, signedPercent } from "./signed.ts";
import { traceSentence } from "./trace-sentence.ts";

interface CompareHeadProps {
  readonly compared: Compared;
  readonly nowMs: number;
  /** Side whose trace is being chosen anew. */
  readonly choosing: Side | undefined;
  readonly onChoose: (side: Side) => void;
  readonly onSwap: () => void;
  readonly onAgain: () => void;
  readonly children?: ReactNode;
}

/** Which two traces these are, and how they differ as a whole: in a sentence and in figures. */
export function CompareHead({
  compared,
  nowMs,
  choosing,
  onChoose,
  onSwap,
  onAgain,
  children,
}: CompareHeadProps) {
  const { a, b, comparison } = compared;
  const [sumA, sumB] = comparison.totals;
  const running = useMemo(() => ({ a: runningIn(a), b: runningIn(b) }), [a, b]);
  const metrics = METRICS.filter(({ of }) => of(sumA) !== 0 || of(sumB) !== 0);
  return (
    <header className={css.head}>
      <div className={css.title}>
        <h1>Compare</h1>
        <p>{traceSentence(sumA, sumB)}</p>
      </div>
      <div className={css.traces}>
        {(["a", "b"] as const).map((side) => (
          <TraceCard
            key={side}
            side={side}
            analysed={compared[side]}
            running={running[side]}
            nowMs={nowMs}
            isChoosing={choosing === side}
            onChoose={() => onChoose(side)}
          />
        ))}
        <IconButton icon="swap" label="Swap A and B (x)" className={css.swap} onClick={onSwap} />
      </div>
      {children}
      {running.a + running.b > 0 && (
        <p className={css.note}>
          {many(running.a + running.b, "span")} had not ended when this was read.{" "}
          <button type="button" onClick={onAgain}>
            Read both again
          </button>
        </p>
      )}
      {(["a", "b"] as const).map((side) => {
        const { truncated } = compared[side].trace;
        return (
          truncated && (
            <p key={side} className={css.note}>
              {side.toUpperCase()} has {many(truncated.total, "span")}; the earliest {exact(truncated.shown)}{" "}
              are compared.
            </p>
          )
        );
      })}
      <table className={css.figures}>
        <caption>
          <Hidden>Both traces in figures</Hidden>
        </caption>
        <thead>
          <tr>
            <td />
            {metrics.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {([sumA, sumB] as const).map((sum, at) => (
            <tr key={at === 0 ? "a" : "b"}>
              <th scope="row">
                <SideBadge side={at === 0 ? "a" : "b"} />
              </th>
              {metrics.map(({ name, of, text }) => (
                <td key={name} data-errors={name === "Errors" && of(sum) > 0}>
                  {text(of(sum))}
                </td>
              ))}
            </tr>
          ))}
          <tr className={css.difference}>
            <th scope="row">
              <span aria-hidden="true">Δ</span>
              <Hidden>Difference</Hidden>
            </th>
            {metrics.map(({ name, of, text }) => (
              <td key={name}>
                {signed(of(sumB) - of(sumA), text) || <span className={css.none}>=</span>}{" "}
                <small>{signedPercent(of(sumA), of(sumB))}</small>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </header>
  );
}

interface Metric {
  readonly name: string;
  readonly of: (sum: TraceSum) => number;
  readonly text: (value: number) => string;
}

const METRICS: readonly Metric[] = [
  { name: "Duration", of: ({ durationUs }) => durationUs, text: (us) => duration(us / 1000) },
  { name: "Spans", of: ({ spans }) => spans, text: exact },
  { name: "Errors", of: ({ errors }) => errors, text: exact },
  { name: "Model calls", of: ({ modelCalls }) => modelCalls, text: exact },
  { name: "Tool calls", of: ({ toolCalls }) => toolCalls, text: exact },
  { name: "Tokens in", of: ({ inputTokens }) => inputTokens, text: count },
  { name: "Tokens out", of: ({ outputTokens }) => outputTokens, text: count },
  { name: "Cost", of: ({ costMicro }) => costMicro, text: (micro) => cost(micro / 1e6) || "$0" },
];

interface TraceCardProps {
  readonly side: Side;
  readonly analysed: AnalysedTrace;
  readonly running: number;
  readonly nowMs: number;
  readonly isChoosing: boolean;
  readonly onChoose: () => void;
}

function TraceCard({ side, analysed, running, nowMs, isChoosing, onChoose }: TraceCardProps) {
  const { trace, analysis } = analysed;
  const status = statusOf(analysed, running);
  const when = ago(trace.t0Ms, nowMs);
  return (
    <div className={css.card} data-side={side}>
      <SideBadge side={side} />
      <StatusMark status={status} />
      <Link href={`/traces/${trace.traceId}`} className={css.name} title="Open this trace">
        {textOf(trace, "name", mainSpan(trace)) || "(no name)"}
      </Link>
      <span className={css.when} title={fullMoment(trace.t0Ms)}>
        {moment(trace.t0Ms, nowMs)}
        {when !== "" && ` · ${when}`}
      </span>
      {analysis.rollUps.whole.errors > 0 && (
        <Hidden>with {many(analysis.rollUps.whole.errors, "error")}</Hidden>
      )}
      <code className={css.id}>{trace.traceId.slice(0, 8)}</code>
      <button type="button" className={css.choose} aria-expanded={isChoosing} onClick={onChoose}>
        Other
        <Hidden> trace as {side.toUpperCase()}</Hidden>…
      </button>
    </div>
  );
}

function statusOf({ trace, analysis }: AnalysedTrace, running: number): Status {
  if (analysis.rollUps.whole.errors > 0) return "error";
  return running > 0 ? "running" : trace.status[mainSpan(trace)] === 1 ? "ok" : "unset";
}

function runningIn({ trace }: AnalysedTrace): number {
  let running = 0;
  for (let span = 0; span < trace.n; span++) if (isRunning(trace, span)) running++;
  return running;
}
