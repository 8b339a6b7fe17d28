import type { TraceItem } from "@clew/protocol/api/trace-item";
import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { Icon } from "../elements/icon.tsx";
import css from "./search-box.module.css";
import { type Suggestion, suggestionsFor } from "./suggestions.ts";

interface SearchBoxProps {
  readonly items: readonly TraceItem[];
  readonly input: RefObject<HTMLInputElement | null>;
  /** `condition` was chosen beside what was typed. */
  readonly onSubmit: (typed: string, condition?: Suggestion["condition"]) => void;
}

/** A box for words, `field:value` conditions and trace ids, which offers fields and the values that are listed. */
export function SearchBox({ items, input, onSubmit }: SearchBoxProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = isOpen ? suggestionsFor(typed, items) : [];
  const submit = (text: string, condition?: Suggestion["condition"]): void => {
    setOpen(false);
    setActive(-1);
    if (text.trim() === "" && condition === undefined) return;
    setTyped("");
    onSubmit(text, condition);
  };
  const take = ({ text, condition }: Suggestion): void => {
    setActive(-1);
    if (condition === undefined) setTyped(text);
    else submit(text, condition);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = suggestions.length - 1;
    if (event.key === "ArrowDown") setActive(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") {
      const chosen = suggestions[active];
      if (chosen) take(chosen);
      else submit(typed);
    } else if (event.key === "Escape") {
      if (isOpen && suggestions.length > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    if (event.key.startsWith("Arrow")) setOpen(true);
    event.preventDefault();
  };
  return (
    <div className={css.box}>
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Search traces"
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 && suggestions.length > 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Search prompts and answers, or agent:planner, test-case:…, a trace id"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Suggestions"
        className={css.list}
        hidden={suggestions.length === 0}
      >
        {suggestions.map((suggestion, at) => (
          <div
            key={suggestion.label}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(suggestion)}
          >
            <code>{suggestion.label}</code>
            <span>{suggestion.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
