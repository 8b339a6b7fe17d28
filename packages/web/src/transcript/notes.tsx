import type { TranscriptStep } from "@clew/protocol/api/transcript";
import { Icon } from "../elements/icon.tsx";
import { bytes, duration, many } from "../format/quantities.ts";
import css from "./notes.module.css";
import { Said } from "./said.tsx";
import type { NoteRow, SystemRow } from "./transcript-rows.ts";

/** What failed, where it did. */
export function Failure({ step }: { readonly step: TranscriptStep }) {
  const { error } = step;
  return (
    <div className={css.failure}>
      <Icon name="error" />
      <p>
        <strong>{error?.type || (step.type === "error" ? step.name : "") || "Error"}</strong>
        {error?.message && <bdi>{error.message}</bdi>}
      </p>
    </div>
  );
}

/** What is to be known of a call of a model beside what was said. */
export function Note({ row }: { readonly row: NoteRow }) {
  const { step, note } = row;
  if (note === "too-large") {
    return (
      <p className={css.note}>
        {bytes(step.tooLarge ?? 0)} of messages: too much to be told here. Enter shows the span's details.
      </p>
    );
  }
  if (step.type !== "model") return null;
  if (note === "dropped") {
    return (
      <p className={css.note}>
        {many(step.dropped, "earlier part")} of the conversation left out from here on
      </p>
    );
  }
  return (
    <p className={css.note}>
      <Icon name="llm" /> {step.model || "A model"} was called
      {step.isRunning === true ? ", and is running" : ` for ${duration(step.durUs / 1000)}`}; no messages
      recorded
    </p>
  );
}

interface SystemPromptProps {
  readonly row: SystemRow;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** What a model is instructed; folded, for it is long and rarely what is looked for. */
export function SystemPrompt({ row, isOpen, onToggle }: SystemPromptProps) {
  const { system, tools } = row.step;
  const parts = system?.parts ?? [];
  const [first] = parts;
  return (
    <div className={css.system}>
      <button type="button" aria-expanded={isOpen} onClick={onToggle}>
        <Icon name="chevron" />
        <span>{system?.hasChanged === true ? "System prompt, changed" : "System prompt"}</span>
        {!isOpen && first?.type === "text" && <em>{first.text.slice(0, 200)}</em>}
      </button>
      {isOpen && (
        <div className={css.open}>
          <Said
            message={{ role: "system", parts, ...(system?.leftOut && { leftOut: system.leftOut }) }}
            parts={parts}
            shownAs="markdown"
            isWhole
            onWhole={() => {}}
          />
          {tools !== undefined && tools.names.length > 0 && (
            <p className={css.tools}>
              {many(tools.names.length, "tool")}: {tools.names.join(", ")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
