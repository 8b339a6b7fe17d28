import { useMemo } from "react";
import { duration, many } from "../format/quantities.ts";
import type { Compared } from "./compared.ts";
import { type LanePair, lanePairs, type TimePair } from "./lane-pairs.ts";
import css from "./lane-times.module.css";
import { type Side, SideBadge } from "./side-badge.tsx";
import { signed } from "./signed.ts";

interface LaneTimesProps {
  readonly compared: Compared;
  readonly onShow: (side: Side, row: number) => void;
}

const MOST_LANES = 40;
const MOST_CHANGES = 4;
/** What changed by less of the larger lane is no news. */
const LEAST_SHARE = 0.01;

const KINDS = [
  ["self", "own work"],
  ["model", "model"],
  ["tool", "tool"],
  ["waiting", "waiting"],
  ["queue", "queue"],
  ["idle", "idle"],
] as const;

/** What the time of each lane went into in A, and below it in B, on one scale; in words what differs. */
export function LaneTimes({ compared, onShow }: LaneTimesProps) {
  const pairs = useMemo(() => lanePairs(compared), [compared]);
  const longest = Math.max(1, ...pairs.map(({ usA, usB }) => Math.max(usA, usB)));
  // Of very many lanes those that differ most, in their own order.
  const shown = new Set(
    [...pairs]
      .sort((one, other) => Math.abs(other.usB - other.usA) - Math.abs(one.usB - one.usA))
      .slice(0, MOST_LANES),
  );
  return (
    <section className={css.lanes}>
      <div className={css.head}>
        <h2>Where the time went</h2>
        <p className={css.legend}>
          {KINDS.map(([kind, word]) => (
            <span key={kind}>
              <i data-kind={kind} aria-hidden="true" />
              {word}
            </span>
          ))}
        </p>
      </div>
      <ul>
        {pairs
          .filter((pair) => shown.has(pair))
          .map((pair) => (
            <Lane
              key={`${pair.a} ${pair.b}`}
              pair={pair}
              longest={longest}
              compared={compared}
              onShow={onShow}
            />
          ))}
      </ul>
      {pairs.length > shown.size && (
        <p className={css.more}>{many(pairs.length - shown.size, "lane")} that differ less are not shown.</p>
      )}
    </section>
  );
}

interface LaneProps extends LaneTimesProps {
  readonly pair: LanePair;
  readonly longest: number;
}

function Lane({ pair, longest, compared, onShow }: LaneProps) {
  const { label, parts, usA, usB } = pair;
  const side = pair.b >= 0 ? "b" : "a";
  const row = compared[side].analysis.lanes.lanes[pair[side]]!.firstSpan;
  const least = LEAST_SHARE * Math.max(usA, usB);
  const changed = parts.filter((part) => Math.abs(part.usB - part.usA) > least);
  const isInOne = pair.a < 0 || pair.b < 0;
  return (
    <li className={css.lane}>
      <button type="button" title="Show where it begins" onClick={() => onShow(side, row)}>
        <bdi>{label}</bdi>
      </button>
      <div className={css.bars}>
        <Bar side="a" us={usA} parts={parts} longest={longest} isThere={pair.a >= 0} />
        <Bar side="b" us={usB} parts={parts} longest={longest} isThere={pair.b >= 0} />
      </div>
      <p className={css.words}>
        <b>{isInOne ? `only in ${side.toUpperCase()}` : signed(usB - usA, time) || "as long"}</b>
        {!isInOne &&
          changed.slice(0, MOST_CHANGES).map((part) => (
            <span key={part.text}>
              <i data-kind={part.kind} aria-hidden="true" />
              {signed(part.usB - part.usA, time)} <bdi>{part.text}</bdi>
            </span>
          ))}
        {!isInOne && changed.length > MOST_CHANGES && <span>and {changed.length - MOST_CHANGES} more</span>}
      </p>
    </li>
  );
}

const time = (us: number): string => duration(us / 1000);

interface BarProps {
  readonly side: Side;
  readonly us: number;
  readonly parts: readonly TimePair[];
  readonly longest: number;
  readonly isThere: boolean;
}

function Bar({ side, us, parts, longest, isThere }: BarProps) {
  const of = (part: TimePair): number => (side === "a" ? part.usA : part.usB);
  const sorted = parts
    .filter((part) => of(part) > 0)
    .sort((one, other) => order(one) - order(other) || of(other) - of(one));
  return (
    <div className={css.line}>
      <SideBadge side={side} />
      <span className={css.track}>
        <span className={css.bar} style={{ width: `${(100 * us) / longest}%` }}>
          {sorted.map((part) => (
            <span
              key={part.text}
              data-kind={part.kind}
              style={{ flexGrow: of(part) }}
              title={`${time(of(part))} ${part.text}`}
            />
          ))}
        </span>
      </span>
      <span className={css.sum}>{isThere ? time(us) : "–"}</span>
    </div>
  );
}

/** The same kinds stand below each other. */
function order({ kind }: TimePair): number {
  return KINDS.findIndex(([name]) => name === kind);
}
