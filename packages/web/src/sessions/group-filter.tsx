import { type RefObject, useEffect, useRef, useState } from "react";
import { IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { SPANS_OF_TIME, shownMoment } from "../traces/shown-time.ts";
import type { GroupKind } from "./group-address.ts";
import css from "./group-filter.module.css";

/** Whoever types is left to finish. */
const TYPING_MS = 300;

interface GroupFilterProps {
  readonly kind: GroupKind;
  readonly place: Place;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** What the list is narrowed to: a part of the id, and when they were last active. */
export function GroupFilter({ kind, place, search }: GroupFilterProps) {
  const part = place.query.get("id") ?? "";
  const from = place.query.get("from") ?? "";
  const [typed, setTyped] = useState(part);
  const timer = useRef<number>(undefined);
  useEffect(() => setTyped((typed) => (typed.trim() === part ? typed : part)), [part]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const find = (text: string, replace: boolean): void => {
    clearTimeout(timer.current);
    go(withQuery(place, { id: text.trim(), cursor: undefined }), { replace });
  };
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => find(text, true), TYPING_MS);
  };
  const clear = (): void => {
    setTyped("");
    find("", false);
    search.current?.focus();
  };
  return (
    <form
      className={css.filter}
      role="search"
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        find(typed, false);
      }}
    >
      <span className={css.box}>
        <Icon name="search" />
        <input
          ref={search}
          value={typed}
          aria-label={`Find a ${kind} by part of its id`}
          placeholder={`Part of a ${kind}'s id`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
        />
        {typed === "" ? <kbd>/</kbd> : <IconButton icon="close" label="Clear" onClick={clear} />}
      </span>
      <select
        aria-label="Last active"
        title={`When a trace of the ${kind} ended last`}
        value={from}
        onChange={(event) => {
          clearTimeout(timer.current);
          const changes = { id: typed.trim(), from: event.target.value, to: undefined, cursor: undefined };
          go(withQuery(place, changes));
        }}
      >
        <option value="">Active at any time</option>
        {SPANS_OF_TIME.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {from !== "" && !SPANS_OF_TIME.some(([value]) => value === from) && (
          <option value={from}>From {shownMoment(from)}</option>
        )}
      </select>
    </form>
  );
}
