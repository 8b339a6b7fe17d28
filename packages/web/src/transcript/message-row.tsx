import { Icon, type IconName } from "../elements/icon.tsx";
import { cost, count, duration } from "../format/quantities.ts";
import css from "./message-row.module.css";
import { Said, SHOWN_AS, type ShownAs } from "./said.tsx";
import type { MessageRow as Row } from "./transcript-rows.ts";

interface MessageRowProps {
  readonly row: Row;
  readonly shownAs: ShownAs;
  readonly onShowAs: (next: ShownAs) => void;
  readonly isActive: boolean;
  readonly isWhole: boolean;
  readonly onWhole: () => void;
}

const ICONS: Readonly<Record<Row["side"], IconName>> = {
  user: "user",
  assistant: "llm",
  tool: "tool",
  system: "prompt",
};
const WORDS: Readonly<Record<ShownAs, string>> = { markdown: "Md", plain: "Text", json: "JSON" };

export function nextShownAs(shownAs: ShownAs): ShownAs {
  return SHOWN_AS[(SHOWN_AS.indexOf(shownAs) + 1) % SHOWN_AS.length]!;
}

/** What somebody said; of a model's answer also what it took. */
export function MessageRow({ row, shownAs, onShowAs, isActive, isWhole, onWhole }: MessageRowProps) {
  const { side, speaker, message, parts, answers } = row;
  const next = nextShownAs(shownAs);
  return (
    <div className={css.message} data-side={side} data-bare={parts.length === 0}>
      <header>
        <Icon name={ICONS[side]} />
        <strong>
          <bdi>{speaker}</bdi>
        </strong>
        {answers !== undefined && (
          <small>
            {[
              answers.model,
              answers.isRunning === true ? "running" : duration(answers.durUs / 1000),
              answers.inputTokens + answers.outputTokens > 0
                ? `${count(answers.inputTokens)} in, ${count(answers.outputTokens)} out`
                : "",
              cost(answers.costMicro / 1e6),
            ]
              .filter((fact) => fact !== "")
              .join(" · ")}
          </small>
        )}
        {message.finishReason === "length" && <small className={css.warn}>cut off by the token limit</small>}
        {parts.length > 0 && (
          <button
            type="button"
            className={css.shownAs}
            tabIndex={isActive ? 0 : -1}
            aria-label={`Shown as ${shownAs}; show as ${next}`}
            title={`Show as ${next} (m)`}
            onClick={() => onShowAs(next)}
          >
            {WORDS[shownAs]}
          </button>
        )}
      </header>
      {parts.length > 0 && (
        <div className={css.body}>
          <Said message={message} parts={parts} shownAs={shownAs} isWhole={isWhole} onWhole={onWhole} />
        </div>
      )}
    </div>
  );
}
