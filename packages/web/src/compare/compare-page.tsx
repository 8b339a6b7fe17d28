import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useTitle } from "../shell/use-title.ts";
import { lastList, rememberList } from "../traces/last-list.ts";
import { ChooseTraces } from "./choose-traces.tsx";
import { CompareSkeleton } from "./compare-skeleton.tsx";
import { CompareView } from "./compare-view.tsx";
import type { Side } from "./side-badge.tsx";
import { TestTraces } from "./test-traces.tsx";
import { useCompared } from "./use-compared.ts";

const WHOLE_ID = /^[0-9a-f]{32}$/;

/** Where whoever compares came from: what a comparison is left for with Esc. */
let cameFrom = "/traces";

/** Two traces laid over each other. What the address does not name is asked for. */
export function ComparePage({ place }: { readonly place: Place }) {
  useTitle("Compare");
  useEffect(() => {
    if (!lastList().startsWith("/compare")) cameFrom = lastList();
    // Who opens one of the traces comes back here.
    rememberList(place);
  }, [place]);
  const [a, b, testCase] = ["a", "b", "testCase"].map((name) => place.query.get(name)?.trim() || undefined);
  if (a !== undefined && b !== undefined) return <TwoTraces a={a} b={b} place={place} />;
  if (testCase !== undefined) return <TestTraces testCase={testCase} />;
  return <ChooseTraces references={{ a, b }} place={place} />;
}

function TwoTraces({ a, b, place }: { readonly a: string; readonly b: string; readonly place: Place }) {
  const traces = { a: useTrace("a", a, place), b: useTrace("b", b, place) };
  const { compared, hasFailed } = useCompared(traces.a.data, traces.b.data);
  const errors = { a: traces.a.error, b: traces.b.error };
  if (errors.a !== null || errors.b !== null) {
    return <ChooseTraces references={{ a, b }} errors={errors} place={place} />;
  }
  if (compared === undefined) return <CompareSkeleton hasFailed={hasFailed} />;
  return (
    <CompareView
      // What was opened belongs to these two.
      key={`${compared.a.trace.traceId} ${compared.b.trace.traceId} ${compared.a.trace.n} ${compared.b.trace.n}`}
      compared={compared}
      place={place}
      onLeave={() => go(cameFrom)}
      onAgain={() => {
        void traces.a.refetch();
        void traces.b.refetch();
      }}
    />
  );
}

/** A trace by its id, the beginning of one, or `last`; the address gets the whole id as soon as it is known. */
function useTrace(side: Side, reference: string, place: Place) {
  const queries = useQueryClient();
  const answer = useQuery({
    queryKey: ["trace", reference],
    queryFn: ({ signal }) => api.trace(reference, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = answer;
  useEffect(() => {
    if (data === undefined || WHOLE_ID.test(reference)) return;
    queries.setQueryData(["trace", data.traceId], data);
    go(withQuery(place, { [side]: data.traceId }), { replace: true });
  }, [data, reference, queries, side, place]);
  return answer;
}
