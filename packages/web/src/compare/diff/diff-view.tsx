import { useMemo, useState } from "react";
import { Hidden } from "../../elements/hidden.tsx";
import { bytes, exact, many } from "../../format/quantities.ts";
import css from "./diff-view.module.css";
import { foldLines } from "./fold-lines.ts";
import { type DiffLine, textDiff } from "./text-diff.ts";

/** Lines shown at first; a click shows as many again. */
const STEP = 400;

/** Two texts as one: what only A has with `−`, what only B has with `+`, changed words marked in their lines. */
export function DiffView({ a, b }: { readonly a: string; readonly b: string }) {
  const diff = useMemo(() => textDiff(a, b), [a, b]);
  const groups = useMemo(() => foldLines(diff.lines), [diff]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [most, setMost] = useState(STEP);
  let left = most;
  return (
    <div className={css.diff}>
      {groups.map(({ from, lines, isFolded }) => {
        if (left <= 0) return null;
        if (isFolded && !opened.has(from)) {
          return (
            <button
              key={from}
              type="button"
              className={css.fold}
              onClick={() => setOpened(new Set(opened).add(from))}
            >
              {exact(lines.length)} lines are the same
            </button>
          );
        }
        const shown = lines.slice(0, left);
        left -= lines.length;
        return shown.map((line, at) => <Line key={from + at} line={line} />);
      })}
      {left < 0 && (
        <button type="button" className={css.fold} onClick={() => setMost(most + STEP)}>
          {many(-left, "more line")}
        </button>
      )}
      {diff.leftOut > 0 && (
        <p className={css.note}>Only the beginnings are compared; {bytes(diff.leftOut)} are left out.</p>
      )}
    </div>
  );
}

/** So much of what is the same is shown on each side of what is not. */
const BESIDE = 400;

/** What is the same in a line that has changed, without its middle where that is long. */
function inShort(text: string): string {
  if (text.length <= 3 * BESIDE) return text;
  const left = text.length - 2 * BESIDE;
  return `${text.slice(0, BESIDE)} … ${exact(left)} characters … ${text.slice(-BESIDE)}`;
}

const SIGNS = { same: "", removed: "−", added: "+" } as const;
const WORDS = { same: "", removed: "only in A: ", added: "only in B: " } as const;

function Line({ line: { kind, pieces } }: { readonly line: DiffLine }) {
  const Changed = kind === "removed" ? "del" : "ins";
  const isWhole = pieces.every(({ isChanged }) => isChanged);
  return (
    <div className={css.line} data-kind={kind}>
      <span className={css.sign} aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span className={css.text}>
        {kind !== "same" && <Hidden>{WORDS[kind]}</Hidden>}
        {pieces.map(({ text, isChanged }, at) => {
          if (isChanged && !isWhole) return <Changed key={at}>{text}</Changed>;
          return <span key={at}>{kind === "same" || isChanged ? text : inShort(text)}</span>;
        })}
        {pieces.length === 0 && "\u200b"}
      </span>
    </div>
  );
}
