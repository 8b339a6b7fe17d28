import type { Conversation, Message, Part } from "@clew/protocol/genai/message";
import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { Icon, type IconName } from "../elements/icon.tsx";
import css from "./conversation-view.module.css";
import { MessagePart } from "./message-part.tsx";

/** Of a longer history, the beginning is folded away: what is new is at its end. */
const SHOWN_HISTORY = 12;

/** What went in and what came out, as people read a conversation. */
export function ConversationView({ conversation }: { readonly conversation: Conversation }) {
  const { system, input, output, toolDefinitions } = conversation;
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, input.length - SHOWN_HISTORY);
  return (
    <div className={css.conversation}>
      {system.length > 0 && (
        <details className={css.folded}>
          <summary>System prompt</summary>
          <div className={css.parts}>
            <Parts parts={system} />
          </div>
        </details>
      )}
      {toolDefinitions.length > 0 && (
        <details className={css.folded}>
          <summary>
            {toolDefinitions.length} {toolDefinitions.length === 1 ? "tool" : "tools"} offered:{" "}
            {toolDefinitions.map(({ name }) => name).join(", ")}
          </summary>
          <div className={css.parts}>
            {toolDefinitions.map((tool, at) => (
              <div key={at}>
                <p>
                  <code>{tool.name}</code> {tool.description}
                </p>
                {tool.parameters !== undefined && (
                  <MessagePart part={{ type: "json", value: tool.parameters }} />
                )}
              </div>
            ))}
          </div>
        </details>
      )}
      {hidden > 0 && (
        <Button variant="quiet" onClick={() => setWhole(true)}>
          Show {hidden} earlier messages
        </Button>
      )}
      <ol className={css.messages} aria-label="Messages">
        {[...input.slice(hidden), ...output].map((message, at) => (
          <MessageView key={at} message={message} isOutput={at >= input.length - hidden} />
        ))}
      </ol>
      {output.length === 0 && input.length > 0 && <p className={css.none}>No answer was recorded.</p>}
    </div>
  );
}

const ICONS: Readonly<Record<string, IconName>> = {
  user: "user",
  human: "user",
  assistant: "llm",
  model: "llm",
  ai: "llm",
  tool: "tool",
  function: "tool",
  system: "prompt",
  developer: "prompt",
};

function MessageView({ message, isOutput }: { readonly message: Message; readonly isOutput: boolean }) {
  const { role, name, parts, finishReason } = message;
  const side =
    role === "user" || role === "human"
      ? "user"
      : role === "tool" || role === "function"
        ? "tool"
        : role === "system" || role === "developer"
          ? "system"
          : "assistant";
  return (
    <li className={css.message} data-side={side} data-output={isOutput}>
      <header>
        <Icon name={(Object.hasOwn(ICONS, role) ? ICONS[role] : undefined) ?? "internal"} />
        <strong>{role || "message"}</strong>
        {name && <span>{name}</span>}
        {isOutput && <span className={css.tag}>answer</span>}
        {finishReason && finishReason !== "stop" && <span className={css.reason}>{finishReason}</span>}
      </header>
      <div className={css.parts}>
        <Parts parts={parts} />
        {parts.length === 0 && <p className={css.none}>Nothing in it was recorded.</p>}
      </div>
    </li>
  );
}

function Parts({ parts }: { readonly parts: readonly Part[] }) {
  return parts.map((part, at) => <MessagePart key={at} part={part} />);
}
