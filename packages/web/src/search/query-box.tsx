import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { type Choice, Choices, choiceId } from "./choices.tsx";
import { FaultLine } from "./fault-line.tsx";
import { FaultUnderline } from "./fault-underline.tsx";
import css from "./query-box.module.css";
import type { QueryFault } from "./read-query.ts";

/** Something that may come next. */
export interface QueryChoice extends Choice {
  /** What the box holds when it is taken; the rest of what was typed where it is a condition. */
  readonly text: string;
  /** Where the cursor is then; at the end when it is not told. */
  readonly cursor?: number;
  /** What is applied at once; any value, also one that could not be typed. */
  readonly condition?: readonly [name: string, value: string];
}

/** What is in the box, and where in it. */
export interface QueryEdit {
  readonly text: string;
  readonly cursor: number;
}

/** What a box makes of what is in it. */
export interface QueryReading {
  /** Whether it is meant as a query, right or wrong, and not as words. */
  readonly isQuery: boolean;
  readonly fault: QueryFault | undefined;
  /** Empty while the list is closed. */
  readonly choices: readonly QueryChoice[];
}

interface QueryBoxProps {
  readonly label: string;
  readonly placeholder: string;
  /** The query that is answered below; empty when there is none. */
  readonly query: string;
  readonly input: RefObject<HTMLInputElement | null>;
  /** A hook that reads what is typed, by the language of the box. */
  readonly useReading: (edit: QueryEdit, isOpen: boolean) => QueryReading;
  /** `condition` was chosen beside what was typed. */
  readonly onSubmit: (typed: string, condition?: QueryChoice["condition"]) => void;
}

type Edit = QueryEdit;

/** A box has one line; what breaks lines separates words all the same. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, " ");
}

function written(query: string): Edit {
  return { text: oneLine(query), cursor: query.length };
}

/** A box for queries and words, which offers what may come next and underlines what is wrong. */
export function QueryBox({ label, placeholder, query, input, useReading, onSubmit }: QueryBoxProps) {
  const id = useId();
  const [answered, setAnswered] = useState(query);
  const [edit, setEdit] = useState<Edit>(() => written(query));
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [isChecked, setChecked] = useState(true);
  const moveCursor = useRef(false);
  if (answered !== query) {
    setAnswered(query);
    setEdit(written(query));
    setChecked(true);
    setOpen(false);
  }
  const { text, cursor } = edit;
  const { isQuery, fault, choices } = useReading(edit, isOpen);
  // What is missing at the end may be about to be typed.
  const isTold = fault !== undefined && (isChecked || fault.offset + fault.length < text.trimEnd().length);
  const listId = `${id}-list`;

  useLayoutEffect(() => {
    if (!moveCursor.current) return;
    moveCursor.current = false;
    input.current?.setSelectionRange(cursor, cursor);
  }, [cursor, input]);
  const write = (next: Edit): void => {
    moveCursor.current = true;
    setEdit(next);
    setActive(-1);
    setChecked(false);
    input.current?.focus();
  };
  const submit = (condition?: QueryChoice["condition"], typed = text): void => {
    setOpen(false);
    setActive(-1);
    setChecked(true);
    if (fault !== undefined) {
      input.current?.setSelectionRange(fault.offset, fault.offset + fault.length);
      return;
    }
    if (!isQuery) setEdit({ text: "", cursor: 0 });
    onSubmit(typed, condition);
  };
  const take = (choice: QueryChoice): void => {
    if (choice.condition === undefined)
      write({ text: choice.text, cursor: choice.cursor ?? choice.text.length });
    else submit(choice.condition, choice.text);
    input.current?.focus();
  };
  const mend = ({ offset, length, suggestion = "" }: QueryFault): void =>
    write({
      text: text.slice(0, offset) + suggestion + text.slice(offset + length),
      cursor: offset + suggestion.length,
    });
  const clear = (): void => {
    write({ text: "", cursor: 0 });
    onSubmit("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = choices.length - 1;
    const chosen = choices[active];
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setActive(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") {
      if (chosen) take(chosen);
      else submit();
    } else if (event.key === "Tab" && chosen && !event.shiftKey) take(chosen);
    else if (event.key === "Escape") {
      if (choices.length > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    if (event.key.startsWith("Arrow")) setOpen(true);
    event.preventDefault();
  };
  return (
    <>
      <div className={css.box} data-query={isQuery}>
        <Icon name="search" />
        <div className={css.text}>
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label={label}
            aria-expanded={choices.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 && choices.length > 0 ? choiceId(listId, active) : undefined}
            aria-invalid={isTold}
            aria-describedby={isTold ? `${id}-fault` : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder={placeholder}
            value={text}
            onChange={({ target }) => {
              setEdit({ text: target.value, cursor: target.selectionStart ?? target.value.length });
              setActive(-1);
              setChecked(false);
              setOpen(true);
            }}
            onSelect={({ currentTarget }) => {
              const at = currentTarget.selectionStart ?? 0;
              if (at !== cursor) setEdit({ text, cursor: at });
            }}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData("text");
              if (oneLine(pasted) === pasted) return;
              event.preventDefault();
              const { selectionStart, selectionEnd } = event.currentTarget;
              const before = text.slice(0, selectionStart ?? cursor) + oneLine(pasted);
              write({ text: before + text.slice(selectionEnd ?? cursor), cursor: before.length });
            }}
            onFocus={() => setOpen(text === "" || text !== query)}
            onBlur={() => {
              setOpen(false);
              setChecked(true);
            }}
            onKeyDown={onKeyDown}
          />
          {isTold && <FaultUnderline text={text} fault={fault} input={input} />}
        </div>
        {text === "" ? <kbd>/</kbd> : <IconButton icon="close" label="Clear the search" onClick={clear} />}
        <Choices id={listId} choices={choices} active={active} onTake={take} />
      </div>
      <FaultLine id={`${id}-fault`} text={text} fault={isTold ? fault : undefined} onMend={mend} />
    </>
  );
}
