import { useEffect, useRef } from "react";
import css from "./choices.module.css";

export interface Choice {
  readonly label: string;
  readonly hint: string;
}

interface ChoicesProps<Kind extends Choice> {
  readonly id: string;
  readonly choices: readonly Kind[];
  /** Index of the one that the keyboard is at; -1 for none. */
  readonly active: number;
  readonly onTake: (choice: Kind) => void;
}

/** Id of an option of the list with this id, for `aria-activedescendant`. */
export function choiceId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** The list of a combobox. The focus stays in the box. */
export function Choices<Kind extends Choice>({ id, choices, active, onTake }: ChoicesProps<Kind>) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Suggestions"
      className={css.list}
      hidden={choices.length === 0}
    >
      {choices.map((choice, at) => (
        <div
          key={choice.label}
          id={choiceId(id, at)}
          role="option"
          aria-selected={at === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(choice)}
        >
          <code>{choice.label}</code>
          <span>{choice.hint}</span>
        </div>
      ))}
    </div>
  );
}
