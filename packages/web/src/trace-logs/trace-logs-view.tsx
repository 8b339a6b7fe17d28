import type { LogItem } from "@clew/protocol/api/logs";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact, many } from "../format/quantities.ts";
import type { LanesViewProps } from "../lanes/view-props.ts";
import { Link } from "../location/link.tsx";
import { go, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { logsAddress, spanAddress } from "../logs/log-address.ts";
import { faultOfLogFilter, isLogFilter } from "../logs/log-language.ts";
import { LogList, type LogListHandle } from "../logs/log-list.tsx";
import { LogSearchBox } from "../logs/log-search-box.tsx";
import { type LogsView, useLogs } from "../logs/use-logs.ts";
import { textOf } from "../trace/span-facts.ts";
import { isGrowing } from "../trace/trace-time.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { EmptyList } from "../traces/list-states.tsx";
import { readLogsOf, sinceTrace, traceLogRequest } from "./trace-log-request.ts";
import css from "./trace-logs-view.module.css";

/** Records may come a while after the spans. */
const LATE_MS = 60_000;
const CHOICES = [
  { of: "trace", label: "Trace" },
  { of: "span", label: "This span" },
  { of: "around", label: "Around it" },
] as const;

/** What was logged during the trace, the earliest first; of all of it, of the selected span, or around that. */
export function TraceLogsView({ analysed, grid, place, selected, onSelect }: LanesViewProps) {
  const { trace } = analysed;
  const spanId = selected < 0 ? undefined : trace.id[selected];
  const typed = place.query.get("logs") ?? "";
  const asked = readLogsOf(place.query.get("of"));
  const of = spanId === undefined ? "trace" : asked;
  const fault = isLogFilter(typed) ? faultOfLogFilter(typed) : undefined;
  const request = useMemo(
    () => traceLogRequest(trace.traceId, typed, of, of === "trace" ? undefined : spanId),
    [trace.traceId, typed, of, spanId],
  );
  const now = Date.now();
  const live = fault === undefined && (isGrowing(trace, now) || now - (trace.t0Ms + trace.durMs) < LATE_MS);
  const view = useLogs(request, { live, isHeld: false, isWanted: fault === undefined });
  const items = useMemo(() => view.items?.toReversed(), [view.items]);
  const { older } = view;
  // The earliest come first, so that all are needed; the number of pages is bounded.
  useEffect(() => older?.(), [older]);
  const list = useRef<LogListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  useFocusAtFirst(grid);
  useKeys({
    "/": () => search.current?.focus(),
    j: () => list.current?.move(1) ?? false,
    k: () => list.current?.move(-1) ?? false,
  });
  const show = (changes: Readonly<Record<string, string | undefined>>): void =>
    go(withQuery(place, changes), { replace: true });
  const within = {
    traceId: trace.traceId,
    onSpan: (id: string) => {
      const row = trace.id.indexOf(id);
      if (row >= 0) onSelect(row);
      else go(spanAddress(trace.traceId, id));
    },
  };
  const name = selected < 0 ? "" : textOf(trace, "name", selected) || "(no name)";
  return (
    <div ref={grid} className={css.view} role="group" aria-label="Logs of the trace" tabIndex={-1}>
      <div className={css.bar} role="search" aria-label="Logs of the trace">
        <LogSearchBox
          filter={typed}
          items={view.items ?? []}
          input={search}
          onSubmit={(text) => show({ logs: text.trim() })}
        />
        <div role="group" aria-label="Records of" className={css.choice}>
          {CHOICES.map((choice) => (
            <button
              key={choice.of}
              type="button"
              aria-pressed={choice.of === of}
              disabled={choice.of !== "trace" && spanId === undefined}
              title={choice.of !== "trace" && spanId === undefined ? "Select a span first" : undefined}
              onClick={() => show({ of: choice.of === "trace" ? undefined : choice.of })}
            >
              {choice.label}
            </button>
          ))}
        </div>
      </div>
      {of === "around" && (
        <p className={css.note}>
          Around <b>{name}</b>: its own records, those of its trace, and those of the same instance of its
          service, from 5 s before it began to 5 s after it ended.
        </p>
      )}
      {fault !== undefined ? (
        <EmptyList title="This filter cannot be read">
          What is wrong with it is underlined in the box above, and said below it.
        </EmptyList>
      ) : items === undefined ? (
        <Waiting view={view} />
      ) : items.length === 0 && view.lastPage?.partial === undefined ? (
        <Nothing isFiltered={typed !== ""} of={of} onAll={() => show({ logs: undefined, of: undefined })} />
      ) : (
        <div className={css.list} data-old={view.isOld} aria-busy={view.isOld}>
          <LogList
            ref={list}
            items={items}
            nowMs={now}
            timeOf={(item: LogItem) => sinceTrace(item.timeNanos, trace.t0Nanos)}
            openId={place.query.get("log") ?? undefined}
            onOpen={(id) => show({ log: id })}
            within={within}
          />
        </div>
      )}
      <Foot view={view} live={live}>
        <Link href={logsAddress({ trace: trace.traceId })}>In all logs</Link>
      </Foot>
    </div>
  );
}

function Waiting({ view: { error, again } }: { readonly view: LogsView }) {
  if (error !== null) return <Trouble error={error} again={again} />;
  return (
    <p className={css.waiting} role="status">
      Loading records
    </p>
  );
}

interface NothingProps {
  readonly isFiltered: boolean;
  readonly of: "trace" | "span" | "around";
  readonly onAll: () => void;
}

function Nothing({ isFiltered, of, onAll }: NothingProps) {
  if (isFiltered || of !== "trace") {
    return (
      <EmptyList
        title={
          isFiltered
            ? "No record fits"
            : of === "span"
              ? "This span logged nothing"
              : "Nothing was logged around this span"
        }
        action={<Button onClick={onAll}>All records of the trace</Button>}
      >
        {isFiltered ? "All conditions have to hold for a record." : "The trace may have records elsewhere."}
      </EmptyList>
    );
  }
  return (
    <EmptyList title="Nothing was logged in this trace">
      Records that come in over OTLP with the id of this trace are shown here, beside their spans.
    </EmptyList>
  );
}

function Foot({
  view,
  live,
  children,
}: {
  readonly view: LogsView;
  readonly live: boolean;
  readonly children: ReactNode;
}) {
  const { items = [], lastPage, isFull, isFetchingOlder } = view;
  return (
    <footer className={css.foot}>
      <span role="status">
        {lastPage !== undefined && many(items.length, "record")}
        {isFull && `, the newest ${exact(items.length)}; earlier ones are among all logs`}
        {live && view.follow === "open" && ", following"}
      </span>
      {isFetchingOlder && <span>Loading earlier records</span>}
      {lastPage?.partial !== undefined && (
        <>
          <span className={css.partial}>The search ended early.</span>
          <Button disabled={view.older === undefined} onClick={view.older}>
            Search on
          </Button>
        </>
      )}
      {children}
    </footer>
  );
}
