import type { Part } from "@clew/protocol/genai/message";
import { Icon } from "../elements/icon.tsx";
import { MediaView } from "./media-view.tsx";
import css from "./message-part.module.css";
import { MessageText } from "./message-text.tsx";
import { TextOrJson } from "./text-or-json.tsx";

/** One part of a message. Whatever it holds becomes text; nothing of it is run or fetched. */
export function MessagePart({ part }: { readonly part: Part }) {
  switch (part.type) {
    case "text":
      return <MessageText text={part.text} />;
    case "reasoning":
      return (
        <details className={css.reasoning}>
          <summary>Reasoning</summary>
          <TextOrJson value={part.text} />
        </details>
      );
    case "tool_call":
      return (
        <div className={css.call}>
          <p className={css.head}>
            <Icon name="tool" /> calls <code>{part.name || "a tool"}</code>
            {part.id && <small>{part.id}</small>}
          </p>
          {part.arguments !== undefined && <TextOrJson value={part.arguments} />}
        </div>
      );
    case "tool_call_response":
      return (
        <div className={css.call}>
          <p className={css.head}>
            <Icon name="tool" /> result{part.name && " of "}
            {part.name && <code>{part.name}</code>}
            {part.id && <small>{part.id}</small>}
          </p>
          <TextOrJson value={part.result} />
        </div>
      );
    case "image":
    case "file":
      return <MediaView part={part} />;
    case "json":
      return <TextOrJson value={part.value} />;
  }
}
