import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { RefObject } from "react";
import { Icon } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import { go, withQuery } from "../location/place.ts";
import { isTraceQl } from "../search/is-traceql.ts";
import { loadTraceQl } from "../search/use-traceql.ts";
import css from "./filter-bar.module.css";
import { SearchBox } from "./search-box.tsx";
import { SPANS_OF_TIME, shownMoment } from "./shown-time.ts";
import {
  conditionsOf,
  queryOf,
  readSearch,
  withConditions,
  withOnly,
  withoutCondition,
  withTraceQl,
} from "./trace-filter.ts";

interface FilterBarProps {
  readonly query: URLSearchParams;
  /** What is listed; its names are offered as values. */
  readonly items: readonly TraceItem[];
  readonly search: RefObject<HTMLInputElement | null>;
}

const STATUSES = [
  ["", "All"],
  ["error", "Errors"],
  ["ok", "No errors"],
] as const;

/** What the list is narrowed to: a box to type conditions, the usual ones as buttons, and each one as a chip. */
export function FilterBar({ query, items, search }: FilterBarProps) {
  const conditions = conditionsOf(query).filter(({ name }) => name !== "status" && name !== "from");
  const traceQl = queryOf(query);
  const canBeTraceQl = conditionsOf(query).some(({ name }) => !["from", "to", "text"].includes(name));
  const from = query.get("from") ?? "";
  const status = query.get("status") ?? "";
  const set = (name: string, value: string): void =>
    go(
      value === ""
        ? withoutCondition(query, { name, value: query.get(name) ?? "" })
        : withConditions(query, [[name, value]]),
    );
  // A stretch up to now has no other end.
  const setTime = (value: string): void => {
    const { searchParams } = new URL(
      withQuery({ path: "/traces", query }, { from: undefined, to: undefined, cursor: undefined }),
      location.href,
    );
    go(withConditions(searchParams, value === "" ? [] : [["from", value]]));
  };
  const submit = (typed: string, chosen?: readonly [string, string]): void => {
    const { traceId, conditions: added } = readSearch(typed);
    const { searchParams } = new URL(withTraceQl(query, ""), location.href);
    if (isTraceQl(typed)) go(withTraceQl(query, typed));
    else if (traceId !== undefined) go(`/traces/${traceId}`);
    else go(withConditions(searchParams, chosen === undefined ? added : [...added, chosen]));
  };
  const editAsTraceQl = async (): Promise<void> => {
    const { asTraceQl } = await loadTraceQl();
    const { query: text, left } = asTraceQl(conditionsOf(query));
    go(withTraceQl(withOnly(query, left), text));
    search.current?.focus();
  };
  return (
    <div className={css.bar} role="search" aria-label="Filter">
      <SearchBox query={traceQl} items={items} input={search} onSubmit={submit} />
      <fieldset className={css.statuses}>
        <legend>Status</legend>
        {STATUSES.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={status === value}
            onClick={() => set("status", value)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <select aria-label="Started" value={from} onChange={(event) => setTime(event.target.value)}>
        <option value="">Any time</option>
        {SPANS_OF_TIME.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {from !== "" && !SPANS_OF_TIME.some(([value]) => value === from) && (
          <option value={from}>From {shownMoment(from)}</option>
        )}
      </select>
      {conditions.length > 0 && (
        <ul className={css.chips} aria-label="Conditions">
          {conditions.map((condition) => (
            <li key={`${condition.name}=${condition.value}`}>
              <span className={css.field}>{condition.label}</span>
              <span className={css.value}>
                {condition.name === "to" ? shownMoment(condition.value) : condition.value}
              </span>
              <Link
                href={withoutCondition(query, condition)}
                aria-label={`Remove ${condition.label} ${condition.value}`}
              >
                <Icon name="close" />
              </Link>
            </li>
          ))}
          <li className={css.clear}>
            <Link href="/traces">Clear all</Link>
          </li>
          {traceQl === "" && canBeTraceQl && (
            <li className={css.clear}>
              <button type="button" onClick={() => void editAsTraceQl()}>
                Edit as TraceQL
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
