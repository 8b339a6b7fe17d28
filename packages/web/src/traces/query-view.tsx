import { Trouble } from "../elements/trouble.tsx";
import type { Place } from "../location/place.ts";
import { useTraceQl } from "../search/use-traceql.ts";
import { EmptyList, ListSkeleton } from "./list-states.tsx";
import { SearchResults } from "./search-results.tsx";

/** What a TraceQL query in the address leads to. */
export function QueryView({
  place,
  text,
  nowMs,
}: {
  readonly place: Place;
  readonly text: string;
  readonly nowMs: number;
}) {
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
  return <SearchResults place={place} text={text} language={language} nowMs={nowMs} />;
}
