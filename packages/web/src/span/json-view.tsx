import { useState } from "react";
import css from "./json-view.module.css";
import { LongText } from "./long-text.tsx";

/** Entries of one level that are shown at once. */
const PAGE = 100;
const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 20;

interface JsonViewProps {
  readonly value: unknown;
  /** Levels that are open from the start, as long as they are short. */
  readonly openDepth?: number;
}

/** A value as a tree. What is closed is not in the document, so that any size can be shown. */
export function JsonView({ value, openDepth = OPEN_DEPTH }: JsonViewProps) {
  // A single text or number stands where text stands; a tree has room for its marks.
  const isTree = typeof value === "object" && value !== null;
  return (
    <div className={css.json}>
      {isTree ? <Value value={value} depth={0} openDepth={openDepth} /> : <Scalar value={value} />}
    </div>
  );
}

function Value({
  value,
  depth,
  openDepth,
  name,
}: {
  readonly value: unknown;
  readonly depth: number;
  readonly openDepth: number;
  readonly name?: string;
}) {
  if (typeof value === "object" && value !== null)
    return <Branch value={value} depth={depth} openDepth={openDepth} {...(name !== undefined && { name })} />;
  return (
    <div className={css.leaf}>
      {name !== undefined && <span className={css.key}>{name}: </span>}
      <Scalar value={value} />
    </div>
  );
}

function Scalar({ value }: { readonly value: unknown }) {
  if (typeof value === "string") {
    return (
      <span className={css.string}>
        <LongText text={value} />
      </span>
    );
  }
  return <span className={css.scalar}>{value === undefined ? "–" : String(value)}</span>;
}

function Branch({
  value,
  depth,
  openDepth,
  name,
}: {
  readonly value: object;
  readonly depth: number;
  readonly openDepth: number;
  readonly name?: string;
}) {
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [isOpen, setOpen] = useState(depth < openDepth && entries.length <= OPEN_ENTRIES);
  const [shown, setShown] = useState(PAGE);
  const size = isList ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0) {
    return (
      <div className={css.leaf}>
        {name !== undefined && <span className={css.key}>{name}: </span>}
        <span className={css.scalar}>{isList ? "[]" : "{}"}</span>
      </div>
    );
  }
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className={css.branch}>
      <summary>
        {name !== undefined && <span className={css.key}>{name}</span>}{" "}
        <span className={css.size}>{size}</span>
        {!isOpen && <span className={css.preview}>{preview(value)}</span>}
      </summary>
      {isOpen && (
        <div className={css.below}>
          {entries.slice(0, shown).map(([key, entry]) => (
            <Value key={key} name={key} value={entry} depth={depth + 1} openDepth={openDepth} />
          ))}
          {entries.length > shown && (
            <button type="button" onClick={() => setShown(shown + PAGE)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  );
}

/** A closed branch in a line, without looking at more of it than fits. */
function preview(value: object): string {
  const words: string[] = [];
  let length = 0;
  for (const [key, entry] of Object.entries(value)) {
    const text = typeof entry === "object" && entry !== null ? "…" : String(entry).slice(0, 40);
    const word = Array.isArray(value) ? text : `${key}: ${text}`;
    words.push(word);
    length += word.length;
    if (length > 80) break;
  }
  return words.join(", ");
}
