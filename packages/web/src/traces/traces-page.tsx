import { useEffect, useMemo, useRef } from "react";
import { compareTestAddress } from "../compare/compare-address.ts";
import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { FacetPanel } from "../facets/facet-panel.tsx";
import { toggleFacets, useFacetsShown } from "../facets/use-facets-shown.ts";
import { useNow } from "../format/now.ts";
import { exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { WelcomePage } from "../welcome/welcome-page.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { rememberList } from "./last-list.ts";
import { EmptyList, ListSkeleton } from "./list-states.tsx";
import { LiveSwitch } from "./live-switch.tsx";
import { QueryView } from "./query-view.tsx";
import { conditionsOf, filterOf, queryOf } from "./trace-filter.ts";
import { TraceHistogram } from "./trace-histogram.tsx";
import { TraceTable } from "./trace-table.tsx";
import css from "./traces-page.module.css";
import { type TraceListView, useTraceList } from "./use-trace-list.ts";

const AGO_MS = 5000;

export function TracesPage({ place }: { readonly place: Place }) {
  const { query } = place;
  const filter = useMemo(() => filterOf(query), [query]);
  const traceQl = queryOf(query);
  const cursor = query.get("cursor") ?? undefined;
  const live = query.get("live") !== "off";
  const view = useTraceList(filter, cursor, { live, isWanted: traceQl === "" });
  const nowMs = useNow(AGO_MS);
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const items = view.list?.items;
  const toggleLive = (): void =>
    go(withQuery(listPlace(place), { live: live ? "off" : undefined }), { replace: true });
  const next = (): boolean => moveFocus(rows.current, 1);
  const previous = (): boolean => moveFocus(rows.current, -1);
  const showsFacets = useFacetsShown();
  useTitle("Traces");
  useEffect(() => rememberList(place), [place]);
  useKeys({
    "/": () => search.current?.focus(),
    l: toggleLive,
    f: toggleFacets,
    j: next,
    k: previous,
    ArrowDown: next,
    ArrowUp: previous,
  });
  const [testCase, ...otherCases] = query.getAll("testCase");
  const isAll = traceQl === "" && conditionsOf(query).length === 0 && cursor === undefined;
  if (isAll && items?.length === 0) return <WelcomePage />;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Traces</h1>
        {traceQl === "" && (
          <Button
            icon="side"
            variant="quiet"
            aria-expanded={showsFacets}
            aria-controls={showsFacets ? "facets" : undefined}
            title={
              showsFacets
                ? "Hide what the list can be narrowed by (f)"
                : "What the list can be narrowed by (f)"
            }
            onClick={toggleFacets}
          >
            Facets
          </Button>
        )}
        {testCase !== undefined && otherCases.length === 0 && (
          <Link href={compareTestAddress(testCase)} className={css.compare}>
            <Icon name="compare" />
            Newest that failed with newest that passed
          </Link>
        )}
        {traceQl === "" && (
          <LiveSwitch
            live={live}
            isFirstPage={cursor === undefined}
            state={view.follow}
            onToggle={toggleLive}
          />
        )}
      </header>
      <FilterBar query={query} items={items ?? []} search={search} />
      <div className={css.content} data-facets={traceQl === "" && showsFacets}>
        {traceQl === "" && showsFacets && (
          <FacetPanel id="facets" query={query} filter={filter} live={live && cursor === undefined} />
        )}
        <div ref={rows} className={css.rows}>
          {traceQl === "" ? (
            <NewestTraces place={place} view={view} live={live} nowMs={nowMs} />
          ) : (
            <QueryView place={place} text={traceQl} nowMs={nowMs} />
          )}
        </div>
      </div>
    </div>
  );
}

interface NewestTracesProps {
  readonly place: Place;
  readonly view: TraceListView;
  readonly live: boolean;
  readonly nowMs: number;
}

function NewestTraces({ place, view, live, nowMs }: NewestTracesProps) {
  const { list, error, isOld, again } = view;
  const cursor = place.query.get("cursor") ?? undefined;
  return (
    <>
      {error !== null && <Trouble error={error} again={again} />}
      {list === undefined && error === null && <ListSkeleton />}
      {list !== undefined && (
        <TraceHistogram place={place} items={list.items} live={live && cursor === undefined} />
      )}
      {list !== undefined && list.items.length === 0 && (
        <NothingFound place={place} isPage={cursor !== undefined} />
      )}
      {list !== undefined && list.items.length > 0 && (
        <div className={css.list} data-old={isOld}>
          <TraceTable items={list.items} nowMs={nowMs} />
        </div>
      )}
      {list !== undefined && (list.items.length > 0 || cursor !== undefined) && (
        <footer className={css.foot}>
          <span>
            {exact(list.items.length)} shown, found in {exact(list.tookMs)} ms
          </span>
          {cursor !== undefined && (
            <Link href={withQuery(listPlace(place), { cursor: undefined })}>Newest</Link>
          )}
          {list.nextCursor !== undefined && (
            <Link href={withQuery(listPlace(place), { cursor: list.nextCursor })} rel="next">
              Older traces
            </Link>
          )}
        </footer>
      )}
    </>
  );
}

/** `/` shows the list too; its further pages are at its own address. */
function listPlace(place: Place): Place {
  return { path: "/traces", query: place.query };
}

/** Moves the focus between the rows' links; into the list when it is elsewhere. */
function moveFocus(table: HTMLElement | null, by: number): boolean {
  const links = [...(table?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
  if (links.length === 0) return false;
  const row = document.activeElement?.closest("tr");
  const at = links.findIndex((link) => row?.contains(link));
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by));
  links[next]?.focus();
  links[next]?.scrollIntoView({ block: "nearest" });
  return true;
}

function NothingFound({ place, isPage }: { readonly place: Place; readonly isPage: boolean }) {
  return isPage ? (
    <EmptyList
      title="There are no older traces"
      action={<Link href={withQuery(listPlace(place), { cursor: undefined })}>Newest traces</Link>}
    >
      The list ended with the page before.
    </EmptyList>
  ) : (
    <EmptyList title="No trace fits" action={<Button onClick={() => go("/traces")}>Show all traces</Button>}>
      Each condition must hold for some span of a trace. Remove one above, or all of them.
    </EmptyList>
  );
}
