import { useState } from "react";
import { Icon } from "../elements/icon.tsx";
import { bytes } from "../format/quantities.ts";
import { LongText } from "../span/long-text.tsx";
import { DiffView } from "./diff/diff-view.tsx";
import { SideBadge } from "./side-badge.tsx";
import css from "./text-pair.module.css";

interface TextPairProps {
  readonly title: string;
  /** Undefined where one has nothing of the kind. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** Default: where they differ. */
  readonly isOpen?: boolean;
}

/** A titled text of both spans: how they differ, or that they are equal. */
export function TextPair({ title, a, b, isOpen = a !== b }: TextPairProps) {
  const isEqual = a === b;
  const [isShown, setShown] = useState(isOpen);
  return (
    <section className={css.pair} data-equal={isEqual}>
      <h3>
        <button type="button" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          <Icon name="chevron" />
          <span>{title}</span>
          <Verdict a={a} b={b} />
        </button>
      </h3>
      {isShown &&
        (a !== undefined && b !== undefined && !isEqual ? (
          <DiffView a={a} b={b} />
        ) : (
          <p className={css.text}>
            {(a ?? b) === undefined ? <i>Not recorded</i> : <LongText text={a ?? b ?? ""} />}
            {(a ?? b) === "" && <i>Empty</i>}
          </p>
        ))}
    </section>
  );
}

function Verdict({ a, b }: Pick<TextPairProps, "a" | "b">) {
  if (a === b) return <small>{a === undefined ? "in neither" : `equal, ${bytes(a.length)}`}</small>;
  if (a !== undefined && b !== undefined) return <small>differs</small>;
  return (
    <small>
      only in <SideBadge side={a === undefined ? "b" : "a"} />
    </small>
  );
}
