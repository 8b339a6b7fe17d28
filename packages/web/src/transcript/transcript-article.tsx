import type { CSSProperties, MouseEvent, ReactNode, Ref } from "react";
import { CallRow } from "./call-row.tsx";
import { MessageRow } from "./message-row.tsx";
import { Failure, Note, SystemPrompt } from "./notes.tsx";
import { HandOff, RunHead } from "./run-row.tsx";
import type { ShownAs } from "./said.tsx";
import css from "./transcript-article.module.css";
import type { TranscriptRow } from "./transcript-rows.ts";

interface RowContentProps {
  readonly row: TranscriptRow;
  readonly isActive: boolean;
  /** Whether what is folded or shortened is shown. */
  readonly isOpen: boolean;
  readonly shownAs: ShownAs;
  readonly onToggle: () => void;
  readonly onShowAs: (next: ShownAs) => void;
}

interface TranscriptArticleProps extends RowContentProps {
  readonly ref: Ref<HTMLElement>;
  readonly index: number;
  readonly count: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
}

/** Deeper ones stand where these do. */
const MOST_DEPTH = 8;

export function articleId(index: number): string {
  return `transcript-${index}`;
}

/** One row of a transcript, at its place. */
export function TranscriptArticle(props: TranscriptArticleProps) {
  const { ref, row, index, count, top, isActive, isSelected, onClick } = props;
  const depth = Math.min(row.depth, MOST_DEPTH);
  return (
    <article
      ref={ref}
      id={articleId(index)}
      data-index={index}
      data-row={row.kind}
      data-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={labelOf(row)}
      tabIndex={isActive ? 0 : -1}
      className={css.row}
      style={{ transform: `translateY(${top}px)`, "--depth": depth } as CSSProperties}
      onClick={onClick}
    >
      <Rails depth={depth} />
      <div className={css.content}>{contentOf(props)}</div>
    </article>
  );
}

/** One row of a transcript that is not scrolled by itself. */
export function TranscriptEntry(props: RowContentProps) {
  const depth = Math.min(props.row.depth, MOST_DEPTH);
  return (
    <li className={css.entry} style={{ "--depth": depth } as CSSProperties} aria-label={labelOf(props.row)}>
      <Rails depth={depth} />
      <div className={css.content}>{contentOf(props)}</div>
    </li>
  );
}

function Rails({ depth }: { readonly depth: number }) {
  return Array.from({ length: depth }, (_, at) => (
    <span key={at} className={css.rail} style={{ "--at": at } as CSSProperties} aria-hidden="true" />
  ));
}

function contentOf({ row, isActive, isOpen, shownAs, onToggle, onShowAs }: RowContentProps): ReactNode {
  switch (row.kind) {
    case "run":
      return <RunHead row={row} onToggle={onToggle} />;
    case "hand-off":
      return <HandOff row={row} />;
    case "system":
      return <SystemPrompt row={row} isOpen={isOpen} onToggle={onToggle} />;
    case "message":
      return (
        <MessageRow
          row={row}
          shownAs={shownAs}
          onShowAs={onShowAs}
          isActive={isActive}
          isWhole={isOpen}
          onWhole={onToggle}
        />
      );
    case "call":
      return <CallRow row={row} isOpen={isOpen} onToggle={onToggle} />;
    case "note":
      return <Note row={row} />;
    case "failure":
      return <Failure step={row.step} />;
  }
}

function labelOf(row: TranscriptRow): string {
  switch (row.kind) {
    case "run":
      return `${row.run.label} begins${row.run.hasFailed ? ", failed" : ""}`;
    case "hand-off":
      return `${row.from.label} to ${row.run.label}`;
    case "system":
      return `System prompt of ${row.run.label}`;
    case "message":
      return `${row.speaker}${row.answers === undefined ? "" : " answers"}`;
    case "call":
      return `${row.run.label} calls ${row.name}${row.tool?.error === undefined ? "" : ", failed"}`;
    case "note":
      return "Note";
    case "failure":
      return "Error";
  }
}
