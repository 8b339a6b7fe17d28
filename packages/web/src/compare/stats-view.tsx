import { useMemo } from "react";
import { Hidden } from "../elements/hidden.tsx";
import { cost, count, duration, exact } from "../format/quantities.ts";
import type { Compared } from "./compared.ts";
import { figuresOf, type Sum, type SumPair } from "./figures.ts";
import { LaneTimes } from "./lane-times.tsx";
import { signed } from "./signed.ts";
import css from "./stats-view.module.css";

interface StatsViewProps {
  readonly compared: Compared;
  readonly onShow: (side: "a" | "b", row: number) => void;
}

/** Where the time of each lane went in both, and what agents, models and tools add up to. */
export function StatsView({ compared, onShow }: StatsViewProps) {
  const { agents, models, tools } = useMemo(() => figuresOf(compared), [compared]);
  return (
    <section className={css.view} aria-label="Time and figures" tabIndex={0}>
      <LaneTimes compared={compared} onShow={onShow} />
      <div className={css.tables}>
        <FigureTable title="Agents" what="Runs" pairs={agents} />
        <FigureTable title="Models" what="Calls" pairs={models} />
        <FigureTable title="Tools" what="Calls" pairs={tools} />
      </div>
    </section>
  );
}

interface Column {
  readonly name: string;
  readonly of: (sum: Sum) => number;
  readonly text: (value: number) => string;
}

const COLUMNS: readonly Column[] = [
  { name: "", of: ({ calls }) => calls, text: exact },
  { name: "Errors", of: ({ errors }) => errors, text: exact },
  { name: "Time", of: ({ us }) => us, text: (us) => duration(us / 1000) },
  { name: "Tokens", of: ({ tokens }) => tokens, text: count },
  { name: "Cost", of: ({ costMicro }) => costMicro, text: (micro) => cost(micro / 1e6) || "$0" },
];

const MOST_ROWS = 100;

interface FigureTableProps {
  readonly title: string;
  /** What the first column counts. */
  readonly what: string;
  readonly pairs: readonly SumPair[];
}

function FigureTable({ title, what, pairs }: FigureTableProps) {
  const columns = COLUMNS.filter(
    ({ name, of }) => name === "" || pairs.some(({ a, b }) => of(a) !== 0 || of(b) !== 0),
  );
  if (pairs.length === 0) return null;
  return (
    <section className={css.table}>
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{title.slice(0, -1)}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name || what}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.slice(0, MOST_ROWS).map(({ name, a, b }) => (
            <tr key={name} data-mark={a.calls === 0 ? "only-b" : b.calls === 0 ? "only-a" : undefined}>
              <th scope="row">
                <Sign a={a} b={b} />
                <bdi>{name}</bdi>
              </th>
              {columns.map((column) => (
                <Cell key={column.name} a={column.of(a)} b={column.of(b)} text={column.text} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pairs.length > MOST_ROWS && (
        <p>{exact(pairs.length - MOST_ROWS)} more, with less time, are not shown.</p>
      )}
    </section>
  );
}

function Sign({ a, b }: { readonly a: Sum; readonly b: Sum }) {
  if (a.calls > 0 && b.calls > 0) return null;
  const isInA = a.calls > 0;
  return (
    <span className={css.sign}>
      <span aria-hidden="true">{isInA ? "−" : "+"}</span>
      <Hidden>only in {isInA ? "A" : "B"}: </Hidden>
    </span>
  );
}

function Cell({
  a,
  b,
  text,
}: {
  readonly a: number;
  readonly b: number;
  readonly text: (value: number) => string;
}) {
  if (a === 0 && b === 0) return <td />;
  if (text(a) === text(b)) return <td className={css.equal}>{text(a)}</td>;
  return (
    <td>
      {text(a)} → {text(b)}
      <small>{signed(b - a, text)}</small>
    </td>
  );
}
