import type { RefObject } from "react";
import { Icon } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import { go } from "../location/place.ts";
import { isTraceQl } from "../search/is-traceql.ts";
import css from "../traces/filter-bar.module.css";
import { SearchBox } from "../traces/search-box.tsx";
import { SPANS_OF_TIME, shownTime } from "../traces/shown-time.ts";
import { readSearch } from "../traces/trace-filter.ts";
import { GROUPINGS } from "./charts.ts";
import {
  DEFAULT_BY,
  DEFAULT_FROM,
  type MetricsPlace,
  metricsWith,
  metricsWithConditions,
  metricsWithout,
} from "./metrics-place.ts";

interface MetricsControlsProps {
  readonly query: URLSearchParams;
  readonly asked: MetricsPlace;
  readonly search: RefObject<HTMLInputElement | null>;
}

const NAMES = { agent: "Agent", service: "Service", model: "Model", tool: "Tool" } as const;

/** Which spans count, what lines are of, and the time of all charts. */
export function MetricsControls({ query, asked, search }: MetricsControlsProps) {
  const { by, from, to, filter, conditions } = asked;
  const isUsual = to === undefined && SPANS_OF_TIME.some(([value]) => value === from);
  const submit = (typed: string, chosen?: readonly [string, string]): void => {
    if (typed.trim() === "" && chosen === undefined) go(metricsWith(query, { q: undefined }));
    else if (isTraceQl(typed)) go(metricsWith(query, { q: typed.trim() }));
    else {
      const { conditions: added } = readSearch(typed);
      go(metricsWithConditions(query, chosen === undefined ? added : [...added, chosen]));
    }
  };
  return (
    <div className={css.bar} role="search" aria-label="Filter">
      <SearchBox
        query={filter}
        items={[]}
        input={search}
        label="Filter spans"
        placeholder="agent:planner, model:gpt-5-mini, { TraceQL filter }"
        onSubmit={submit}
      />
      <fieldset className={css.statuses}>
        <legend>By</legend>
        {GROUPINGS.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={by === value}
            onClick={() => go(metricsWith(query, { by: value === DEFAULT_BY ? undefined : value }))}
          >
            {NAMES[value]}
          </button>
        ))}
      </fieldset>
      <select
        aria-label="Time"
        value={isUsual ? from : "chosen"}
        onChange={({ target: { value } }) =>
          go(
            metricsWith(query, {
              from: value === DEFAULT_FROM ? undefined : value,
              to: undefined,
              since: undefined,
            }),
          )
        }
      >
        {SPANS_OF_TIME.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {!isUsual && <option value="chosen">{shownTime(from, to)}</option>}
      </select>
      {conditions.length > 0 && (
        <ul className={css.chips} aria-label="Conditions">
          {conditions.map((condition) => (
            <li key={`${condition.name}=${condition.value}`}>
              <span className={css.field}>{condition.label}</span>
              <span className={css.value}>{condition.value}</span>
              <Link
                href={metricsWithout(query, condition)}
                aria-label={`Remove ${condition.label} ${condition.value}`}
              >
                <Icon name="close" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
