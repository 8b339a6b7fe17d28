import { useEffect, useMemo, useRef } from "react";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { useNow } from "../format/now.ts";
import { exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { WelcomePage } from "../welcome/welcome-page.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { rememberList } from "./last-list.ts";
import { LiveSwitch } from "./live-switch.tsx";
import { conditionsOf, filterOf } from "./trace-filter.ts";
import { TraceTable } from "./trace-table.tsx";
import css from "./traces-page.module.css";
import { useTraceList } from "./use-trace-list.ts";

const AGO_MS = 5000;
const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

export function TracesPage({ place }: { readonly place: Place }) {
  const { query } = place;
  const filter = useMemo(() => filterOf(query), [query]);
  const cursor = query.get("cursor") ?? undefined;
  const live = query.get("live") !== "off";
  const { list, error, isOld, follow, again } = useTraceList(filter, cursor, live);
  const nowMs = useNow(AGO_MS);
  const search = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLDivElement>(null);
  const isFiltered = conditionsOf(query).length > 0;
  const toggleLive = (): void =>
    go(withQuery(listPlace(place), { live: live ? "off" : undefined }), { replace: true });
  const next = (): boolean => moveFocus(table.current, 1);
  const previous = (): boolean => moveFocus(table.current, -1);
  useTitle("Traces");
  useEffect(() => rememberList(place), [place]);
  useKeys({
    "/": () => search.current?.focus(),
    l: toggleLive,
    j: next,
    k: previous,
    ArrowDown: next,
    ArrowUp: previous,
  });
  if (list?.items.length === 0 && !isFiltered && cursor === undefined) return <WelcomePage />;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Traces</h1>
        <LiveSwitch live={live} isFirstPage={cursor === undefined} state={follow} onToggle={toggleLive} />
      </header>
      <FilterBar query={query} items={list?.items ?? []} search={search} />
      {error !== null && <Trouble error={error} again={again} />}
      {list === undefined && error === null && <Skeleton />}
      {list !== undefined && list.items.length === 0 && (
        <NothingFound place={place} isPage={cursor !== undefined} />
      )}
      {list !== undefined && list.items.length > 0 && (
        <div ref={table} className={css.list} data-old={isOld}>
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
    </div>
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
  return (
    <div className={css.empty}>
      <h2>{isPage ? "There are no older traces" : "No trace fits"}</h2>
      <p>
        {isPage
          ? "The list ended with the page before."
          : "Each condition must hold for some span of a trace. Remove one above, or all of them."}
      </p>
      {isPage ? (
        <Link href={withQuery(listPlace(place), { cursor: undefined })}>Newest traces</Link>
      ) : (
        <Button onClick={() => go("/traces")}>Show all traces</Button>
      )}
    </div>
  );
}

function Skeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading traces">
      {SKELETON_ROWS.map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}
