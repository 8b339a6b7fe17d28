import { useEffect, useRef } from "react";
import { Icon } from "../../elements/icon.tsx";
import type { Entry, Section } from "./entries.ts";
import css from "./omnibox.module.css";

interface OmniboxListProps {
  readonly id: string;
  readonly sections: readonly Section[];
  /** Index over all sections; -1 for none. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onTake: (entry: Entry) => void;
}

/** Id of an option, for `aria-activedescendant`. */
export function optionId(id: string, index: number): string {
  return `${id}-option-${index}`;
}

export function OmniboxList({ id, sections, active, onActive, onTake }: OmniboxListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const option = document.getElementById(optionId(id, active));
    option?.scrollIntoView({ block: "nearest" });
    // The name of the first section is above its first option.
    if (active === 0) list.current?.scrollTo(0, 0);
  }, [id, active]);
  let index = -1;
  return (
    <div
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label="What may be meant"
      className={css.list}
      hidden={sections.length === 0}
    >
      {sections.map(({ name, entries }) => (
        <div key={name} role="group" aria-label={name}>
          <div className={css.section} aria-hidden="true">
            {name}
          </div>
          {entries.map((entry) => {
            index += 1;
            const at = index;
            return (
              <div
                key={entry.key}
                id={optionId(id, at)}
                role="option"
                aria-selected={at === active}
                className={css.option}
                onMouseMove={() => {
                  if (at !== active) onActive(at);
                }}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onTake(entry)}
              >
                <Icon name={entry.icon} />
                <span className={entry.isCode ? css.code : css.label}>{entry.label}</span>
                {entry.hint !== "" && <span className={css.hint}>{entry.hint}</span>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
