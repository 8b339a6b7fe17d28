import type { FacetName } from "@clew/protocol/api/facets";
import type { TraceFilter } from "@clew/protocol/api/requests";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { exact, many } from "../format/quantities.ts";
import { go } from "../location/place.ts";
import { withConditions, withoutCondition } from "../traces/trace-filter.ts";
import css from "./facet-panel.module.css";
import { FacetSection } from "./facet-section.tsx";
import { FACET_LABELS, shownValues } from "./shown-values.ts";

interface FacetPanelProps {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly filter: TraceFilter;
  /** Counts again from time to time. */
  readonly live: boolean;
}

const FRESH_MS = 15_000;

/** What the traces of the list are about, to narrow it by: each value with how many traces have it. */
export function FacetPanel({ id, query, filter, live }: FacetPanelProps) {
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ["trace-facets", filter],
    queryFn: ({ signal }) => api.traceFacets(filter, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: live ? FRESH_MS : false,
  });
  const toggle = (name: FacetName, value: string, isChosen: boolean): void =>
    go(isChosen ? withoutCondition(query, { name, value }) : withConditions(query, [[name, value]]));
  return (
    <aside id={id} className={css.panel} aria-label="Narrow the list" data-old={isPlaceholderData}>
      {error !== null && <p className={css.note}>Not counted: {error.message}</p>}
      {data === undefined && error === null && <Skeleton />}
      {data?.facets.map((facet) => (
        <FacetSection
          key={facet.name}
          label={FACET_LABELS[facet.name]}
          values={shownValues(facet, query.getAll(facet.name))}
          of={data.traceCount}
          hasMore={facet.hasMore}
          onToggle={(value, isChosen) => toggle(facet.name, value, isChosen)}
        />
      ))}
      {data?.sinceMs !== undefined && (
        <p className={css.note}>
          Of the newest {many(data.traceCount, "trace")}, since {new Date(data.sinceMs).toLocaleString()}
        </p>
      )}
      {data !== undefined && data.sinceMs === undefined && (
        <p className={css.note}>
          Of {data.traceCount === 1 ? "1 trace" : `${exact(data.traceCount)} traces`}
        </p>
      )}
    </aside>
  );
}

function Skeleton() {
  return (
    <div className={css.waiting} role="status" aria-label="Counting">
      <div />
      <div />
      <div />
    </div>
  );
}
