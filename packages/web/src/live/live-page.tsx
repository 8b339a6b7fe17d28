import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { ListSkeleton } from "../traces/list-states.tsx";
import { SearchBox } from "../traces/search-box.tsx";
import { readSearch } from "../traces/trace-filter.ts";
import { LiveHead } from "./live-head.tsx";
import { LiveList, type LiveListHandle, type Touch } from "./live-list.tsx";
import css from "./live-page.module.css";
import { readLiveQuery, withoutOne, withTyped } from "./live-query.ts";
import { NewCount } from "./new-count.tsx";
import { NothingYet } from "./nothing-yet.tsx";
import { useTail } from "./use-tail.ts";

/** Traces as they come, the newest on top. Rows stand still while somebody is at them. */
export function LivePage({ place }: { readonly place: Place }) {
  const live = useMemo(() => readLiveQuery(place.query), [place.query]);
  const [isPaused, setPaused] = useState(false);
  const [touches, setTouches] = useState<Touch>({ isPointedAt: false, isScrolled: false, hasFocus: false });
  const touch = (change: Partial<Touch>): void => setTouches((old) => touched(old, change));
  const isStill = isPaused || touches.isPointedAt || touches.isScrolled || touches.hasFocus;
  const view = useTail(live, isStill);
  const { tail, isLoaded, error, release } = view;
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<LiveListHandle>(null);
  const show = (text: string): void => go(withQuery(place, { q: text }));
  const submit = (typed: string, chosen?: readonly [string, string]): void => {
    const { traceId } = readSearch(typed);
    if (traceId !== undefined) go(`/traces/${traceId}`);
    else show(withTyped(live, typed, chosen));
  };
  const toggle = (): void => setPaused(!isPaused);
  const showNew = (): void => {
    setPaused(false);
    list.current?.toTop();
    release();
  };
  useTitle("Live");
  useKeys({
    "/": () => search.current?.focus(),
    ".": toggle,
    j: () => list.current?.move(1),
    k: () => list.current?.move(-1),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the rows may move again
  useEffect(() => {
    if (!isStill) release();
  }, [isStill]);
  return (
    <div className={css.page}>
      <LiveHead view={view} isPaused={isPaused} touch={touches} onToggle={toggle} />
      <div className={css.filter} role="search" aria-label="Filter">
        <SearchBox query={live.traceQl} items={tail.rows.slice(0, 100)} input={search} onSubmit={submit} />
        {live.conditions.length > 0 && (
          <ul className={css.chips} aria-label="Conditions">
            {live.conditions.map((condition) => (
              <li key={`${condition.name}=${condition.value}`}>
                <span>{condition.label}</span> {condition.value}
                <Link
                  href={withQuery(place, { q: withoutOne(live, condition) })}
                  aria-label={`Remove ${condition.label} ${condition.value}`}
                >
                  <Icon name="close" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      {error !== undefined && <Trouble error={error} again={view.again} />}
      {!isLoaded && <ListSkeleton />}
      {isLoaded && error === undefined && tail.rows.length === 0 && (
        <NothingYet isFiltered={live.text !== ""} />
      )}
      {tail.rows.length > 0 && (
        <div
          className={css.frame}
          onPointerEnter={({ pointerType }) => {
            if (pointerType === "mouse") touch({ isPointedAt: true });
          }}
          onPointerLeave={() => touch({ isPointedAt: false })}
        >
          {tail.held.length > 0 && (
            <Button variant="strong" icon="up" className={css.new} onClick={showNew}>
              {exact(tail.held.length)} new
            </Button>
          )}
          <LiveList ref={list} items={tail.rows} onTouch={touch} />
          <p className={css.foot}>
            {exact(tail.rows.length)} shown
            {tail.dropped > 0 && `, ${exact(tail.dropped)} older ones not kept here`}
            {(tail.rows.length > 0 || tail.dropped > 0) && (
              <Button variant="quiet" onClick={view.clear}>
                Clear
              </Button>
            )}
          </p>
        </div>
      )}
      <NewCount tail={tail} />
    </div>
  );
}

/** The same object where nothing is different. */
function touched(old: Touch, change: Partial<Touch>): Touch {
  const next = { ...old, ...change };
  const isSame =
    next.isPointedAt === old.isPointedAt &&
    next.isScrolled === old.isScrolled &&
    next.hasFocus === old.hasFocus;
  return isSame ? old : next;
}
