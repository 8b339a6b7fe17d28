import { ApiError } from "@clew/protocol/api/api-error";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client.ts";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import { go, usePlace, withQuery } from "../location/place.ts";
import { useTitle } from "../shell/use-title.ts";
import css from "./trace-page.module.css";
import { TraceView } from "./trace-view.tsx";
import { useFollowedTrace } from "./use-followed-trace.ts";

const WHOLE_ID = /^[0-9a-f]{32}$/;

/** `reference` is an id, the beginning of one, or `last`. */
export function TracePage({ reference }: { readonly reference: string }) {
  const place = usePlace();
  const queries = useQueryClient();
  const {
    data: trace,
    error,
    refetch,
  } = useQuery({
    queryKey: ["trace", reference],
    queryFn: ({ signal }) => api.trace(reference, { signal }),
  });
  const follow = useFollowedTrace(trace);
  const id = trace?.traceId;
  useTitle(
    trace === undefined
      ? "Trace"
      : titleOf(trace.dict.name[trace.name[Math.max(0, trace.parent.indexOf(-1))] ?? 0]),
  );
  useEffect(() => {
    if (id === undefined || WHOLE_ID.test(reference)) return;
    queries.setQueryData(["trace", id], trace);
    go(withQuery({ path: `/traces/${id}`, query: place.query }, {}), { replace: true });
  }, [id, reference, trace, queries, place.query]);
  if (trace !== undefined)
    return <TraceView key={trace.traceId} trace={trace} place={place} follow={follow} />;
  if (error === null) return <Waiting />;
  return (
    <div className={css.trouble}>
      <h1>Trace {reference}</h1>
      {error instanceof ApiError && error.candidates.length > 0 && <Candidates ids={error.candidates} />}
      <Trouble error={error} again={() => void refetch()} />
      <Link href="/traces">Newest traces</Link>
    </div>
  );
}

function titleOf(name: string | undefined): string {
  return name || "Trace";
}

function Candidates({ ids }: { readonly ids: readonly string[] }) {
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <Link href={`/traces/${id}`}>{id}</Link>
        </li>
      ))}
    </ul>
  );
}

function Waiting() {
  return (
    <div className={css.waiting} role="status" aria-label="Loading the trace">
      <div />
      <div />
      <div />
    </div>
  );
}
