import type { LogItem } from "@clew/protocol/api/logs";
import type { RefObject } from "react";
import { Icon } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import { go } from "../location/place.ts";
import css from "../traces/filter-bar.module.css";
import { SPANS_OF_TIME, shownMoment, shownTime } from "../traces/shown-time.ts";
import { isLogFilter } from "./log-language.ts";
import { type LogsPlace, logsWith, logsWithConditions, logsWithout, readLogWords } from "./log-query.ts";
import { LogSearchBox } from "./log-search-box.tsx";

interface LogFilterBarProps {
  readonly query: URLSearchParams;
  readonly asked: LogsPlace;
  /** What is listed; its names and values are offered. */
  readonly items: readonly LogItem[];
  readonly search: RefObject<HTMLInputElement | null>;
}

const LEVELS = [
  [undefined, "All"],
  ["info", "Info +"],
  ["warn", "Warn +"],
  ["error", "Error +"],
] as const;

/** What the list is narrowed to: a box to type in, the least severity, the time, and each condition as a chip. */
export function LogFilterBar({ query, asked, items, search }: LogFilterBarProps) {
  const { filter, level, conditions, from, to } = asked;
  const isUsual = to === undefined && (from === undefined || SPANS_OF_TIME.some(([value]) => value === from));
  const submit = (typed: string): void => {
    if (typed.trim() === "") go(logsWith(query, { q: undefined }));
    else if (isLogFilter(typed)) go(logsWith(query, { q: typed.trim() }));
    else go(logsWithConditions(query, readLogWords(typed)));
  };
  return (
    <div className={css.bar} role="search" aria-label="Filter">
      <LogSearchBox filter={filter} items={items} input={search} onSubmit={submit} />
      <fieldset className={css.statuses}>
        <legend>Least severity</legend>
        {LEVELS.map(([value, label]) => (
          <button
            key={label}
            type="button"
            aria-pressed={level === value}
            title={value === undefined ? "Of any severity" : `At least ${value}`}
            onClick={() => go(logsWith(query, { level: value }))}
          >
            {label}
          </button>
        ))}
        {level === "debug" && (
          <button type="button" aria-pressed="true">
            Debug +
          </button>
        )}
      </fieldset>
      {asked.around === undefined && (
        <select
          aria-label="Made"
          value={isUsual ? (from ?? "") : "chosen"}
          onChange={({ target: { value } }) =>
            go(logsWith(query, { from: value, to: undefined, since: undefined }))
          }
        >
          <option value="">Any time</option>
          {SPANS_OF_TIME.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          {!isUsual && (
            <option value="chosen">
              {from === undefined ? `Before ${shownMoment(to ?? "")}` : shownTime(from, to)}
            </option>
          )}
        </select>
      )}
      {conditions.length > 0 && (
        <ul className={css.chips} aria-label="Conditions">
          {conditions.map((condition) => (
            <li key={`${condition.name}=${condition.value}`}>
              <span className={css.field}>{condition.label}</span>
              <span className={css.value}>{condition.value}</span>
              <Link
                href={logsWithout(query, condition)}
                aria-label={`Remove ${condition.label} ${condition.value}`}
              >
                <Icon name="close" />
              </Link>
            </li>
          ))}
          <li className={css.clear}>
            <Link href="/logs">Clear all</Link>
          </li>
        </ul>
      )}
    </div>
  );
}
