import type { SearchAnswer, SearchItem } from "@clew/protocol/api/search";
import { useMemo } from "react";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { type Place, withQuery } from "../location/place.ts";
import type { TraceQl } from "../search/use-traceql.ts";
import { EmptyList, ListSkeleton } from "./list-states.tsx";
import { MatchRow } from "./match-row.tsx";
import css from "./search-results.module.css";
import { conditionsOf } from "./trace-filter.ts";
import { TraceHistogram } from "./trace-histogram.tsx";
import { TraceTable } from "./trace-table.tsx";
import { useSearch } from "./use-search.ts";

interface SearchResultsProps {
  readonly place: Place;
  /** Valid TraceQL that asks for traces. */
  readonly text: string;
  readonly language: TraceQl;
  readonly nowMs: number;
}

const REASONS = {
  time: "It took as long as a search may.",
  size: "It would have read more than a search may.",
} as const;

/** The traces that a query finds, each with the spans that match. */
export function SearchResults({ place, text, language, nowMs }: SearchResultsProps) {
  const { query } = place;
  const cursor = query.get("cursor") ?? undefined;
  const asked = useMemo(() => requestOf(query, text, language), [query, text, language]);
  const { data, error, isPlaceholderData, refetch } = useSearch(asked);
  const page = (next: string | undefined): string => withQuery({ path: "/traces", query }, { cursor: next });
  if (data === undefined) {
    return error === null ? <ListSkeleton /> : <Trouble error={error} again={() => void refetch()} />;
  }
  return (
    <>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      <LeftOut query={query} language={language} />
      <TraceHistogram place={place} items={data.items} live={false} />
      {data.items.length > 0 && (
        <div className={css.results} data-old={isPlaceholderData}>
          <TraceTable
            items={data.items}
            nowMs={nowMs}
            below={(item: SearchItem) => <MatchRow item={item} request={asked} />}
          />
        </div>
      )}
      {data.partial && <Partial answer={data} next={page} />}
      {data.items.length === 0 && !data.partial && (
        <Nothing isPage={cursor !== undefined} first={page(undefined)} />
      )}
      <footer className={css.foot}>
        <span role="status">
          {many(data.items.length, "trace")} found in {exact(data.tookMs)} ms
        </span>
        <Button variant="quiet" onClick={() => void refetch()}>
          Search again
        </Button>
        {cursor !== undefined && <Link href={page(undefined)}>Newest</Link>}
        {data.next !== undefined && !data.partial && (
          <Link href={page(data.next)} rel="next">
            Older traces
          </Link>
        )}
      </footer>
    </>
  );
}

function requestOf(query: URLSearchParams, text: string, language: TraceQl) {
  const given = (name: "from" | "to" | "cursor") => {
    const value = query.get(name);
    return value === null || value === "" ? {} : { [name]: value };
  };
  return {
    q: language.narrowed(text, conditionsOf(query)),
    ...given("from"),
    ...given("to"),
    ...given("cursor"),
  };
}

/** A condition that is shown but does not hold must not go unnoticed. */
function LeftOut({ query, language }: { readonly query: URLSearchParams; readonly language: TraceQl }) {
  const { left } = language.asTraceQl(conditionsOf(query));
  if (left.length === 0) return null;
  return (
    <p className={css.note} role="status">
      Not looked at beside TraceQL, which has no words for it:{" "}
      {left.map(({ name, value }) => `${name} ${value}`).join(", ")}.
    </p>
  );
}

function Partial({
  answer: { items, partial, next },
  next: page,
}: {
  readonly answer: SearchAnswer;
  readonly next: (cursor: string | undefined) => string;
}) {
  return (
    <div className={css.partial} role="status">
      <p>
        <strong>{items.length === 0 ? "Nothing found so far." : "There may be more."}</strong> The search
        ended before all traces were looked at. {partial && REASONS[partial.reason]}
      </p>
      {next !== undefined && (
        <Link href={page(next)} rel="next" className={css.continue}>
          Search on, among older traces
        </Link>
      )}
    </div>
  );
}

function Nothing({ isPage, first }: { readonly isPage: boolean; readonly first: string }) {
  if (isPage) {
    return (
      <EmptyList title="There are no older traces" action={<Link href={first}>Newest traces</Link>}>
        The search ended with the page before.
      </EmptyList>
    );
  }
  return (
    <EmptyList title="No trace matches">
      What stands in one pair of braces has to hold for one and the same span. A comparison with an attribute
      that a span lacks, or that is of another type, never holds.
    </EmptyList>
  );
}
