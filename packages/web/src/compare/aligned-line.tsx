import { lineDifference } from "@clew/protocol/analysis/comparison/compare-traces";
import { memo } from "react";
import { Hidden } from "../elements/hidden.tsx";
import { Icon } from "../elements/icon.tsx";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import css from "./aligned-line.module.css";
import type { AlignedRow, Notability } from "./aligned-rows.ts";
import { changeText, lineName, type Mark, markOf, textsOf, whoOf } from "./change-words.ts";
import type { Compared } from "./compared.ts";
import { DifferenceCell } from "./difference-cell.tsx";

interface AlignedLineProps extends AlignedRow {
  readonly compared: Compared;
  readonly most: Notability["most"];
  /** Place among the rows, from 0. */
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly isClosed: boolean;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onRow: (row: AlignedRow) => void;
  readonly onTurn: (row: AlignedRow) => void;
}

const INDENT_PX = 16;
/** Deeper rows are not indented any further, and say how deep they are. */
const MOST_INDENT = 12;

const MARKS: Readonly<Record<Mark, { readonly sign: string; readonly word: string }>> = {
  "only-a": { sign: "−", word: "only in A" },
  "only-b": { sign: "+", word: "only in B" },
  changed: { sign: "~", word: "changed" },
  same: { sign: "", word: "" },
};

const RENAMED = /^something else in its place(, )?/;

export function rowId(row: number): string {
  return `line-row-${row}`;
}

/** Of the rows in view, scrolling makes only those that are new. */
export const AlignedLine = memo((props: AlignedLineProps) => {
  const { compared, line, alike, index, isClosed } = props;
  const { depth, size } = compared.comparison;
  const below = size[line]! - 1;
  const isRun = alike > 0;
  const turn = (): void => props.onTurn({ line, alike });
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 1}
      aria-level={depth[line]! + 1}
      aria-expanded={isRun ? false : below > 0 ? !isClosed : undefined}
      aria-selected={props.isSelected}
      className={css.row}
      data-active={props.isActive}
      data-mark={isRun ? "same" : markOf(compared, line)}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
      onClick={() => (isRun ? turn() : props.onRow({ line, alike }))}
    >
      {isRun ? (
        <Run lines={alike} depth={depth[line]!} />
      ) : (
        <>
          <Name compared={compared} line={line} below={below} isClosed={isClosed} onTurn={turn} />
          <Figures compared={compared} line={line} most={props.most} />
        </>
      )}
    </div>
  );
});

function indent(depth: number): number {
  return Math.min(depth, MOST_INDENT) * INDENT_PX;
}

function Run({ lines, depth }: { readonly lines: number; readonly depth: number }) {
  return (
    <div role="gridcell" className={`${css.name} ${css.run}`}>
      <span className={css.mark} />
      <span className={css.indent} style={{ width: indent(depth) }} />
      <span className={css.toggle}>
        <Icon name="chevron" />
      </span>
      {many(lines, "span")} alike
    </div>
  );
}

interface NameProps {
  readonly compared: Compared;
  readonly line: number;
  readonly below: number;
  readonly isClosed: boolean;
  readonly onTurn: () => void;
}

function Name({ compared, line, below, isClosed, onTurn }: NameProps) {
  const { a, b, comparison } = compared;
  const depth = comparison.depth[line]!;
  const [rowA, rowB] = [comparison.a[line]!, comparison.b[line]!];
  const mark = markOf(compared, line);
  const { sign, word } = MARKS[mark];
  const look = rowB >= 0 ? lookOfSpan(b.trace, rowB) : lookOfSpan(a.trace, rowA);
  const isFailed = a.trace.status[rowA] === 2 || b.trace.status[rowB] === 2;
  const name = lineName(compared, line);
  const who = whoOf(compared, line);
  // What only one has, the mark says; another name stands there.
  const change = mark === "changed" ? changeText(compared, line).replace(RENAMED, "") : "";
  const error = textsOf(compared, line, "err").find((text) => text !== "");
  return (
    <div role="gridcell" className={css.name}>
      <span className={css.mark} title={word}>
        <span aria-hidden="true">{sign}</span>
        <Hidden>{word}</Hidden>
      </span>
      <span className={css.indent} style={{ width: indent(depth) }} />
      {depth > MOST_INDENT && <span className={css.depth}>{depth}</span>}
      {below > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          className={css.toggle}
          data-closed={isClosed}
          aria-label={isClosed ? `Open ${exact(below)} below` : "Close"}
          onClick={(event) => {
            event.stopPropagation();
            onTurn();
          }}
        >
          <Icon name="chevron" />
        </button>
      ) : (
        <span className={css.leaf} />
      )}
      <span className={css.kind} data-color={look.color} title={look.word}>
        <Icon name={look.icon} />
        <Hidden>{look.word}</Hidden>
      </span>
      <span className={css.text} title={[name, who, change].filter((text) => text !== "").join(" · ")}>
        <bdi className={css.title}>{name}</bdi>
        {who !== "" && !name.includes(who) && <bdi className={css.more}>{who}</bdi>}
        {change !== "" && <span className={css.change}>{change}</span>}
      </span>
      {isFailed && change === "" && (
        <span className={css.error} title={error || "Error"}>
          <Icon name="error" />
          <Hidden>failed</Hidden>
        </span>
      )}
      {isClosed && below > 0 && <span className={css.below}>{exact(below)}</span>}
    </div>
  );
}

function Figures({ compared, line, most }: Pick<AlignedLineProps, "compared" | "line" | "most">) {
  const { a, b, comparison } = compared;
  const { durationUs, inputTokens, outputTokens, costMicro } = lineDifference(a, b, comparison, line);
  return (
    <>
      <Took analysed={a} row={comparison.a[line]!} />
      <Took analysed={b} row={comparison.b[line]!} />
      <DifferenceCell what="duration" value={durationUs} most={most.durationUs} text={durationText} />
      <DifferenceCell what="tokens" value={inputTokens + outputTokens} most={most.tokens} text={count} />
      <DifferenceCell what="cost" value={costMicro} most={most.costMicro} text={costText} />
    </>
  );
}

const durationText = (us: number): string => duration(us / 1000);
const costText = (micro: number): string => cost(micro / 1e6);

function Took({ analysed, row }: { readonly analysed: AnalysedTrace; readonly row: number }) {
  const { clock } = analysed.analysis;
  return (
    <div role="gridcell" className={css.took}>
      {row < 0 ? (
        <span className={css.absent}>–</span>
      ) : (
        duration((clock.end[row]! - clock.start[row]!) / 1000)
      )}
    </div>
  );
}
