import { lazy, Suspense } from "react";
import { Trouble } from "../elements/trouble.tsx";
import { go, type Place } from "../location/place.ts";
import type { SeriesUnit } from "../search/series-unit.ts";
import { useTraceQl } from "../search/use-traceql.ts";
import { EmptyList, ListSkeleton } from "./list-states.tsx";
import css from "./search-results.module.css";
import { SearchResults } from "./search-results.tsx";
import { shownTime } from "./shown-time.ts";
import { conditionsOf, withConditions } from "./trace-filter.ts";

const SeriesView = lazy(async () => ({ default: (await import("../search/series-view.tsx")).SeriesView }));

interface QueryViewProps {
  readonly place: Place;
  readonly text: string;
  readonly nowMs: number;
}

/** What a TraceQL query in the address leads to. */
export function QueryView({ place, text, nowMs }: QueryViewProps) {
  const { data: language, error, refetch } = useTraceQl(true);
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (language === undefined) return <ListSkeleton />;
  const reading = language.readQuery(text);
  if ("fault" in reading) {
    return (
      <EmptyList title="This query cannot be read">
        What is wrong with it is underlined in the box above, and said below it.
      </EmptyList>
    );
  }
  if (reading.asks === "series") return <SeriesResults place={place} text={text} unit={reading.unit} />;
  return <SearchResults place={place} text={text} language={language} nowMs={nowMs} />;
}

function SeriesResults({
  place: { query },
  text,
  unit,
}: Pick<QueryViewProps, "place" | "text"> & { readonly unit: SeriesUnit }) {
  const from = query.get("from") || undefined;
  const to = query.get("to") || undefined;
  const isNarrowed = conditionsOf(query).some(({ name }) => name !== "from" && name !== "to");
  const zoom = (fromMs: number, toMs: number): void =>
    go(
      withConditions(query, [
        ["from", String(Math.floor(fromMs))],
        ["to", String(Math.ceil(toMs))],
      ]),
    );
  return (
    <>
      {isNarrowed && (
        <p className={css.note} role="status">
          The conditions are about traces; series are of all spans that the query itself takes.
        </p>
      )}
      <Suspense fallback={<ListSkeleton />}>
        <SeriesView
          request={{ q: text, ...(from && { from }), ...(to && { to }) }}
          unit={unit}
          time={shownTime(from, to)}
          onZoom={zoom}
        />
      </Suspense>
    </>
  );
}
