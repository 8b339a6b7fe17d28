import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { Hidden } from "../elements/hidden.tsx";
import { cost, duration, exact } from "../format/quantities.ts";
import { textOf } from "../trace/span-facts.ts";
import { isRunning } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { Compared } from "./compared.ts";
import css from "./pair-facts.module.css";
import { type Side, SideBadge } from "./side-badge.tsx";
import { signed, signedPercent } from "./signed.ts";

interface PairFactsProps {
  readonly compared: Compared;
  /** -1 where a trace has no such span. */
  readonly rows: Readonly<Record<Side, number>>;
  /** They come later than the rest. */
  readonly details: Readonly<Record<Side, SpanDetail | undefined>>;
}

interface Figure {
  readonly name: string;
  readonly of: (analysed: AnalysedTrace, row: number) => number;
  readonly text: (value: number) => string;
}

/** Of the spans alone, without what is below them. */
const FIGURES: readonly Figure[] = [
  {
    name: "Duration",
    of: ({ analysis: { clock } }, row) => clock.end[row]! - clock.start[row]!,
    text: (us) => duration(us / 1000),
  },
  { name: "Tokens in", of: ({ trace }, row) => trace.tokIn[row] ?? 0, text: exact },
  { name: "Tokens out", of: ({ trace }, row) => trace.tokOut[row] ?? 0, text: exact },
  { name: "From cache", of: ({ trace }, row) => trace.tokCacheR[row] ?? 0, text: exact },
  {
    name: "Cost",
    of: ({ trace }, row) => trace.costMicro[row] ?? 0,
    text: (micro) => cost(micro / 1e6) || "$0",
  },
  {
    name: "First token",
    of: ({ trace }, row) => trace.ttftUs[row] ?? 0,
    text: (us) => duration(us / 1000),
  },
];

const TEXTS = ["agent", "service", "model", "tool"] as const;
const NAMES = { agent: "Agent", service: "Service", model: "Model", tool: "Tool" } as const;

/** What can be said of both spans in a word each, side by side. */
export function PairFacts({ compared, rows, details }: PairFactsProps) {
  const { a, b } = compared;
  const isPair = rows.a >= 0 && rows.b >= 0;
  const figures = FIGURES.map(({ name, of, text }) => {
    const [one, other] = [rows.a < 0 ? 0 : of(a, rows.a), rows.b < 0 ? 0 : of(b, rows.b)];
    return { name, one, other, text };
  }).filter(({ one, other }) => one !== 0 || other !== 0);
  const texts = TEXTS.map((column) => ({
    name: NAMES[column],
    one: rows.a < 0 ? "" : textOf(a.trace, column, rows.a),
    other: rows.b < 0 ? "" : textOf(b.trace, column, rows.b),
  })).filter(({ one, other }) => one !== "" || other !== "");
  const outcomes = {
    a: outcomeOf(a, rows.a, details.a),
    b: outcomeOf(b, rows.b, details.b),
  };
  return (
    <table className={css.facts}>
      <caption>
        <Hidden>Both spans in figures</Hidden>
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">
            <SideBadge side="a" />
          </th>
          <th scope="col">
            <SideBadge side="b" />
          </th>
          <th scope="col">{isPair && "Δ"}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ name, one, other, text }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{rows.a < 0 ? "–" : text(one)}</td>
            <td>{rows.b < 0 ? "–" : text(other)}</td>
            <td className={css.difference}>
              {isPair && (
                <>
                  {signed(other - one, text) || "="} <small>{signedPercent(one, other)}</small>
                </>
              )}
            </td>
          </tr>
        ))}
        {texts.map(({ name, one, other }) => (
          <tr key={name} data-differs={isPair && one !== other}>
            <th scope="row">{name}</th>
            <td>{one || "–"}</td>
            <td>{other || "–"}</td>
            <td className={css.difference}>{isPair && (one === other ? "=" : "≠")}</td>
          </tr>
        ))}
        <tr data-differs={isPair && outcomes.a.text !== outcomes.b.text}>
          <th scope="row">Outcome</th>
          <td data-failed={outcomes.a.isFailed}>{outcomes.a.text}</td>
          <td data-failed={outcomes.b.isFailed}>{outcomes.b.text}</td>
          <td className={css.difference}>{isPair && (outcomes.a.text === outcomes.b.text ? "=" : "≠")}</td>
        </tr>
      </tbody>
    </table>
  );
}

const LONGEST = 400;

function outcomeOf(
  { trace }: AnalysedTrace,
  row: number,
  detail: SpanDetail | undefined,
): { readonly text: string; readonly isFailed: boolean } {
  if (row < 0) return { text: "–", isFailed: false };
  if (isRunning(trace, row)) return { text: "running", isFailed: false };
  if (trace.status[row] !== 2) return { text: "no error", isFailed: false };
  const said = [textOf(trace, "err", row), detail?.statusMessage ?? ""].filter((text) => text !== "");
  return { text: said.join(": ").slice(0, LONGEST) || "error", isFailed: true };
}
