import { parsed } from "@clew/protocol/genai/plain-value";
import { useMemo, useState } from "react";
import { Markdown } from "../elements/markdown/markdown.tsx";
import { bytes } from "../format/quantities.ts";
import { JsonView } from "./json-view.tsx";
import { LongText } from "./long-text.tsx";
import css from "./message-text.module.css";

/** What is shown of a long text until all is asked for. */
const CHARS = 6000;
const SLACK = 1500;

/** What somebody wrote: Markdown, or a tree where it is JSON; on demand the text as it was sent. */
export function MessageText({ text }: { readonly text: string }) {
  const inner = useMemo(() => parsed(text), [text]);
  const [isWhole, setWhole] = useState(false);
  const [isPlain, setPlain] = useState(false);
  if (typeof inner === "object" && inner !== null) return <JsonView value={inner} />;
  const isCut = !isWhole && !isPlain && text.length > CHARS + SLACK;
  return (
    <div className={css.text}>
      {isPlain ? (
        <p className={css.plain}>
          <LongText text={text} />
        </p>
      ) : (
        <Markdown text={isCut ? `${text.slice(0, CHARS)}…` : text} />
      )}
      {isCut && (
        <button type="button" className={css.more} onClick={() => setWhole(true)}>
          Show {bytes(text.length - CHARS)} more
        </button>
      )}
      {(isPlain || /[*`#|[\]_~>]/.test(text)) && (
        <button type="button" className={css.plainly} onClick={() => setPlain(!isPlain)}>
          {isPlain ? "Show as Markdown" : "Show as plain text"}
        </button>
      )}
    </div>
  );
}
