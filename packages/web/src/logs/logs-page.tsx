import { useMemo, useRef, useState } from "react";
import { useNow } from "../format/now.ts";
import { go, type Place } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { EmptyList } from "../traces/list-states.tsx";
import { LiveSwitch } from "../traces/live-switch.tsx";
import { AroundNote } from "./around-note.tsx";
import { LinkedRecord } from "./linked-record.tsx";
import { LogFilterBar } from "./log-filter-bar.tsx";
import { LogHistogram } from "./log-histogram.tsx";
import { faultOfLogFilter, isLogFilter } from "./log-language.ts";
import { LogList, type LogListHandle } from "./log-list.tsx";
import { logsPlaceOf, logsWith, requestOf } from "./log-query.ts";
import { LogStates } from "./log-states.tsx";
import css from "./logs-page.module.css";
import { useLogs } from "./use-logs.ts";

const AGO_MS = 30_000;

/** Log records of every service, newest first. */
export function LogsPage({ place }: { readonly place: Place }) {
  const { query } = place;
  const asked = useMemo(() => logsPlaceOf(query), [query]);
  const text = JSON.stringify(requestOf(asked));
  // The same conditions are the same request, whatever else changes in the address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says all of it
  const request = useMemo(() => requestOf(asked), [text]);
  const isFaulty = asked.filter !== "" && faultOfLogFilter(asked.filter) !== undefined;
  const canFollow = asked.to === undefined && asked.around === undefined && !isFaulty;
  const live = canFollow && query.get("live") !== "off";
  const [isAway, setAway] = useState(false);
  const linked = query.get("log") ?? undefined;
  // Whoever reads must not lose the place.
  const view = useLogs(request, { live, isHeld: isAway || linked !== undefined, isWanted: !isFaulty });
  const nowMs = useNow(AGO_MS);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<LogListHandle>(null);
  const toggleLive = (): void => {
    if (canFollow) go(logsWith(query, { live: live ? "off" : undefined }), { replace: true });
  };
  useTitle("Logs");
  useKeys({
    "/": () => search.current?.focus(),
    l: toggleLive,
    j: () => list.current?.move(1) ?? false,
    k: () => list.current?.move(-1) ?? false,
  });
  const isLinkedShown = linked !== undefined && view.items?.some(({ id }) => id === linked) === true;
  const showWaiting = (): void => {
    list.current?.toTop();
    if (linked !== undefined) go(logsWith(query, {}), { replace: true });
    view.showWaiting();
  };
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Logs</h1>
        {canFollow && (
          <LiveSwitch live={live} isFirstPage state={view.follow} onToggle={toggleLive} things="records" />
        )}
      </header>
      <LogFilterBar query={query} asked={asked} items={view.items ?? []} search={search} />
      {isFaulty ? (
        <EmptyList title="This filter cannot be read">
          {isLogFilter(asked.filter)
            ? "What is wrong with it is underlined in the box above, and said below it."
            : "A filter is one pair of braces; words are looked for without it."}
        </EmptyList>
      ) : (
        <>
          {asked.around !== undefined && <AroundNote query={query} around={view.newestPage?.around} />}
          {asked.around === undefined && (
            <LogHistogram query={query} request={request} items={view.items} live={live} />
          )}
          {linked !== undefined && view.items !== undefined && !isLinkedShown && (
            <LinkedRecord id={linked} query={query} nowMs={nowMs} />
          )}
          <LogStates query={query} asked={asked} view={view}>
            {(items) => (
              <LogList
                ref={list}
                items={items}
                nowMs={nowMs}
                openId={linked}
                onOpen={(id) => go(logsWith(query, { log: id }), { replace: true })}
                // A search that ended early goes on when it is asked to.
                onEnd={view.lastPage?.partial === undefined ? view.older : undefined}
                onAway={setAway}
                waiting={view.waiting}
                onWaiting={showWaiting}
              />
            )}
          </LogStates>
        </>
      )}
    </div>
  );
}
