import type { LogItem } from "@clew/protocol/api/logs";
import type { ReactNode } from "react";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { EmptyList } from "../traces/list-states.tsx";
import { type LogsPlace, logsWith } from "./log-query.ts";
import css from "./log-states.module.css";
import type { LogsView } from "./use-logs.ts";

interface LogStatesProps {
  readonly query: URLSearchParams;
  readonly asked: LogsPlace;
  readonly view: LogsView;
  readonly children: (items: readonly LogItem[]) => ReactNode;
}

const SKELETON_ROWS = Array.from({ length: 14 }, (_, row) => row);
const REASONS = {
  time: "it took as long as a search may",
  size: "it would have read more than a search may",
} as const;

/** The list, or what is said in its place; and below it how far it goes. */
export function LogStates({ query, asked, view, children }: LogStatesProps) {
  const { items, error, isOld, again } = view;
  if (items === undefined) {
    if (error !== null) return <Trouble error={error} again={again} />;
    return (
      <div className={css.skeleton} role="status" aria-label="Loading records">
        {SKELETON_ROWS.map((row) => (
          <div key={row} />
        ))}
      </div>
    );
  }
  const isPartial = view.lastPage?.partial !== undefined;
  return (
    <>
      {error !== null && <Trouble error={error} again={again} />}
      {items.length > 0 ? (
        <div className={css.list} data-old={isOld} aria-busy={isOld}>
          {children(items)}
        </div>
      ) : isPartial ? (
        <EmptyList title="Nothing found so far">
          The search ended before all records were looked at.
        </EmptyList>
      ) : (
        <Nothing query={query} asked={asked} />
      )}
      <Foot query={query} view={view} />
    </>
  );
}

function Foot({ query, view }: { readonly query: URLSearchParams; readonly view: LogsView }) {
  const { items = [], lastPage, newestPage } = view;
  const oldest = items.at(-1);
  if (lastPage === undefined || newestPage === undefined) return null;
  return (
    <footer className={css.foot}>
      <span role="status">
        {many(items.length, "record")}
        {oldest !== undefined && `, back to ${moment(oldest.timeMs, Date.now())}`}
        {lastPage.next === undefined && items.length > 0 && ", all there are"}
        {`; found in ${exact(newestPage.tookMs)} ms`}
      </span>
      {view.isFetchingOlder && <span>Loading older records …</span>}
      {lastPage.partial && (
        <>
          <span className={css.partial}>The search ended early: {REASONS[lastPage.partial.reason]}.</span>
          <Button disabled={view.older === undefined} onClick={view.older}>
            Search on
          </Button>
        </>
      )}
      {view.isFull && oldest !== undefined && (
        <Link href={logsWith(query, { to: String(Math.ceil(oldest.timeMs)) })}>Go on from there</Link>
      )}
    </footer>
  );
}

function Nothing({ query, asked }: Pick<LogStatesProps, "query" | "asked">) {
  const { filter, level, conditions, from, to } = asked;
  if (asked.around !== undefined) {
    return (
      <EmptyList title="No records around this span">
        Neither its trace nor its service said anything at that time. Look further around it, above.
      </EmptyList>
    );
  }
  if (from !== undefined || to !== undefined) {
    return (
      <EmptyList
        title="No record in this time"
        action={
          <Link href={logsWith(query, { from: undefined, to: undefined, since: undefined })}>
            Look at all of the time
          </Link>
        }
      >
        There may be older or newer ones that fit.
      </EmptyList>
    );
  }
  if (filter === "" && level === undefined && conditions.length === 0) {
    return (
      <EmptyList title="No logs yet" action={<Link href="/welcome">How to send data</Link>}>
        Log records come in over OTLP, at the same addresses as spans. A record that carries the ids of a
        trace and a span is shown with them.
      </EmptyList>
    );
  }
  return (
    <EmptyList title="No record fits" action={<Link href="/logs">Show all records</Link>}>
      All conditions have to hold for a record. A comparison with an attribute that a record lacks, or that is
      of another type, never holds.
    </EmptyList>
  );
}
