import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { duration, many } from "../format/quantities.ts";
import css from "./between-lanes.module.css";
import { type LaneTime, partText, targetText } from "./lane-times.ts";

interface WaitListProps {
  readonly analysis: TraceAnalysis;
  readonly times: readonly LaneTime[];
  readonly onSelect: (span: number) => void;
}

const MOST_LANES = 50;
const MOST_PARTS = 6;
/** What has a smaller share of a lane's time is added up as "other". */
const LEAST_SHARE = 0.02;

/** A line for each lane: how long its runs took, and what that went into. */
export function WaitList({ analysis, times, onSelect }: WaitListProps) {
  const longest = times
    .filter(({ us }) => us > 0)
    .sort((a, b) => b.us - a.us)
    .slice(0, MOST_LANES)
    .sort((a, b) => a.lane - b.lane);
  const left = times.filter(({ us }) => us > 0).length - longest.length;
  return (
    <ul className={css.waits}>
      {longest.map(({ lane, us, parts }) => {
        const { label, firstSpan } = analysis.lanes.lanes[lane]!;
        const told = parts.filter((part, at) => at < MOST_PARTS && (at === 0 || part.us >= LEAST_SHARE * us));
        const rest = us - told.reduce((sum, part) => sum + part.us, 0);
        return (
          <li key={lane}>
            <button type="button" className={css.lane} onClick={() => onSelect(firstSpan)}>
              <bdi>{label}</bdi>
            </button>
            <span className={css.bar} aria-hidden="true">
              {told.map((part) => (
                <span
                  key={targetText(part)}
                  data-kind={part.kind}
                  style={{ flexGrow: part.us }}
                  title={partText(part)}
                />
              ))}
              {rest > 0 && <span data-kind="idle" style={{ flexGrow: rest }} title="other" />}
            </span>
            <span className={css.sum}>
              <b>{duration(us / 1000)}</b> ={" "}
              {told.map((part, at) => (
                <span key={targetText(part)}>
                  {at > 0 && " + "}
                  <i data-kind={part.kind} aria-hidden="true" />
                  {partText(part)}
                </span>
              ))}
              {rest > 0.5 && ` + ${duration(rest / 1000)} other`}
            </span>
          </li>
        );
      })}
      {left > 0 && <li className={css.more}>{many(left, "lane")} with less time</li>}
    </ul>
  );
}
