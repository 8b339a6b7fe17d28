import type { MapAnswer } from "@clew/protocol/api/map";
import type { MapRequest } from "@clew/protocol/api/requests";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact, many } from "../format/quantities.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { FocusPanel } from "./focus-panel.tsx";
import { MapControls } from "./map-controls.tsx";
import { MapGraph } from "./map-graph.tsx";
import { MapLegend } from "./map-legend.tsx";
import { MapNotes } from "./map-notes.tsx";
import css from "./map-page.module.css";
import { type MapPlace, mapPlaceOf } from "./map-request.ts";
import { MapSkeleton } from "./map-skeleton.tsx";
import { EdgeTable, NodeTable } from "./map-tables.tsx";
import { EmptyMap, UnknownFocus } from "./no-map.tsx";

/** Which agents call which, or which services, over many traces. */
export function MapPage({ place }: { readonly place: Place }) {
  const asked = useMemo(() => mapPlaceOf(place.query), [place]);
  const request = requestOf(asked);
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: ["map", request],
    queryFn: ({ signal }) => api.map(request, { signal }),
    placeholderData: keepPreviousData,
  });
  useTitle(asked.focus === undefined ? "Map" : `${asked.focus} · Map`);
  const widen = (): unknown =>
    asked.focus !== undefined && go(withQuery(place, { focus: undefined, depth: undefined }));
  useKeys({ Escape: widen });
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Map</h1>
        <MapControls place={place} asked={asked} />
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <MapSkeleton />}
      {data !== undefined && (
        <div className={css.view} data-old={isPlaceholderData} aria-busy={isFetching}>
          <MapNotes place={place} answer={data} />
          <MapView place={place} asked={asked} answer={data} />
          <footer className={css.foot}>
            <span>
              {many(data.nodes.length, "node")} and {many(data.edges.length, "edge")} of{" "}
              {many(data.traceCount, "trace")}, found in {exact(data.tookMs)} ms
            </span>
            <Button variant="quiet" onClick={() => void refetch()}>
              Ask again
            </Button>
          </footer>
        </div>
      )}
    </div>
  );
}

interface MapViewProps {
  readonly place: Place;
  readonly asked: MapPlace;
  readonly answer: MapAnswer;
}

function MapView({ place, asked, answer }: MapViewProps) {
  const byKey = useMemo(() => new Map(answer.nodes.map((node) => [node.key, node])), [answer]);
  if (answer.traceCount === 0) return <EmptyMap place={place} asked={asked} />;
  if (answer.focus?.keys.length === 0) return <UnknownFocus place={place} asked={asked} answer={answer} />;
  const focusHref = (key: string): string => withQuery(place, { focus: key });
  const centre = (answer.focus?.keys ?? []).flatMap((key) => byKey.get(key) ?? []);
  return (
    <div className={css.split}>
      <div className={css.main}>
        {place.query.get("view") === "table" ? (
          <>
            <NodeTable nodes={answer.nodes} time={asked} focusHref={focusHref} />
            <EdgeTable title="Who calls whom" edges={answer.edges} nodes={byKey} time={asked} />
          </>
        ) : (
          <>
            <MapGraph answer={answer} time={asked} onFocus={(key) => go(focusHref(key))} />
            <MapLegend answer={answer} />
          </>
        )}
      </div>
      {centre.length > 0 && (
        <aside className={css.aside} aria-label="Focus">
          {centre.map((node) => (
            <FocusPanel
              key={node.key}
              node={node}
              edges={answer.edges}
              nodes={byKey}
              time={asked}
              focusHref={focusHref}
            />
          ))}
        </aside>
      )}
    </div>
  );
}

function requestOf({ scope, from, to, focus, depth, include }: MapPlace): MapRequest {
  return {
    scope,
    ...(from !== "" && { from }),
    ...(to !== undefined && { to }),
    ...(focus !== undefined && { focus, depth }),
    ...(include.length > 0 && { include }),
  };
}
