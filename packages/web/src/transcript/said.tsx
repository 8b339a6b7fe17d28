import type { TranscriptMessage } from "@clew/protocol/api/transcript";
import type { Part } from "@clew/protocol/genai/message";
import { isRecord, parsed } from "@clew/protocol/genai/plain-value";
import { useMemo } from "react";
import { Icon } from "../elements/icon.tsx";
import { Markdown } from "../elements/markdown/markdown.tsx";
import { bytes } from "../format/quantities.ts";
import { JsonView } from "../span/json-view.tsx";
import { MediaView } from "../span/media-view.tsx";
import { MessagePart } from "../span/message-part.tsx";
import { TextOrJson } from "../span/text-or-json.tsx";
import css from "./said.module.css";

/** How a message is shown. */
export const SHOWN_AS = ["markdown", "plain", "json"] as const;
export type ShownAs = (typeof SHOWN_AS)[number];

/** What is shown of a long text until all is asked for. */
const CHARS = 6000;
const SLACK = 1500;

interface SaidProps {
  readonly message: TranscriptMessage;
  readonly parts: readonly Part[];
  readonly shownAs: ShownAs;
  /** Long texts and reasoning too. */
  readonly isWhole: boolean;
  readonly onWhole: () => void;
}

/** What a message says. Whatever it holds becomes text; nothing of it is run or fetched. */
export function Said({ message, parts, shownAs, isWhole, onWhole }: SaidProps) {
  if (shownAs === "json") return <JsonView value={message} />;
  return (
    <div className={css.said}>
      {parts.map((part, at) => (
        <SaidPart key={at} part={part} shownAs={shownAs} isWhole={isWhole} onWhole={onWhole} />
      ))}
      {message.leftOut !== undefined && (
        <p className={css.faint}>{bytes(message.leftOut)} more in the span's details.</p>
      )}
    </div>
  );
}

function SaidPart({
  part,
  shownAs,
  isWhole,
  onWhole,
}: Omit<SaidProps, "message" | "parts"> & { readonly part: Part }) {
  switch (part.type) {
    case "text":
      return <SaidText text={part.text} shownAs={shownAs} isWhole={isWhole} onWhole={onWhole} />;
    case "reasoning":
      return (
        <div className={css.reasoning} data-open={isWhole}>
          <button type="button" aria-expanded={isWhole} onClick={onWhole}>
            <Icon name="chevron" />
            Thought{!isWhole && <span>{part.text.slice(0, 160)}</span>}
          </button>
          {isWhole && <TextOrJson value={part.text} />}
        </div>
      );
    case "json":
      return <SaidJson value={part.value} />;
    case "image":
    case "file":
      return <MediaView part={part} />;
    default:
      return <MessagePart part={part} />;
  }
}

function SaidText({
  text,
  shownAs,
  isWhole,
  onWhole,
}: Omit<SaidProps, "message" | "parts"> & { readonly text: string }) {
  const inner = useMemo(() => parsed(text), [text]);
  if (typeof inner === "object" && inner !== null && shownAs === "markdown")
    return <JsonView value={inner} />;
  const isCut = !isWhole && text.length > CHARS + SLACK;
  const shown = isCut ? `${text.slice(0, CHARS)}…` : text;
  return (
    <>
      {shownAs === "markdown" ? <Markdown text={shown} /> : <p className={css.plain}>{shown}</p>}
      {isCut && (
        <button type="button" className={css.more} onClick={onWhole}>
          Show {bytes(text.length - CHARS)} more
        </button>
      )}
    </>
  );
}

/** Content that was withheld where it was recorded left its size. */
function SaidJson({ value }: { readonly value: unknown }) {
  if (isRecord(value) && typeof value.size === "number" && typeof value.type === "string") {
    return (
      <p className={css.faint}>
        {value.type} of {bytes(value.size)}, not recorded
      </p>
    );
  }
  return <TextOrJson value={value} />;
}
