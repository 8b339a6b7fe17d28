import type { IngestEvent } from "@clew/protocol/api/ingest-event";
import { useState } from "react";
import { useFollow } from "../api/follow.ts";
import { StatusMark } from "../elements/status-mark.tsx";
import { fullMoment, moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import css from "./request-log.module.css";

const MOST = 50;

const NOUNS = { traces: "span", logs: "log record", metrics: "data point" } as const;

/** What became of the newest requests to the receivers, refused ones with what to change. */
export function RequestLog() {
  const [events, setEvents] = useState<readonly IngestEvent[]>([]);
  const state = useFollow<IngestEvent>("ingest", true, {
    stream: (client, signal) => client.ingestEvents({ signal }),
    // What is remembered comes again.
    onOpen: () => setEvents([]),
    onMessage: (event) => setEvents((old) => [event, ...old].slice(0, MOST)),
  });
  if (events.length === 0) {
    return (
      <p className={css.none} role="status">
        <span className={css.pulse} />
        {state === "lost"
          ? "The server does not answer; trying again."
          : "Listening. Nothing has been sent since the server started."}
      </p>
    );
  }
  return (
    <ol className={css.list} aria-live="polite" aria-relevant="additions">
      {events.map((event) => (
        <li key={event.seq} data-ok={event.ok && event.rejected === 0}>
          <StatusMark status={event.ok && event.rejected === 0 ? "ok" : "error"} />
          <time dateTime={new Date(event.atMs).toISOString()} title={fullMoment(event.atMs)}>
            {moment(event.atMs, Date.now())}
          </time>
          <span className={css.code}>{event.code}</span>
          <div className={css.what}>
            <code>{event.path}</code> {said(event)}
            {event.service && <strong> {event.service}</strong>}
            {event.hint && <p className={css.hint}>{event.hint}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function said(event: IngestEvent): string {
  const noun = event.signal === undefined ? "record" : NOUNS[event.signal];
  if (!event.ok) return event.contentType;
  const taken = many(event.records, noun);
  return event.rejected > 0 ? `${taken}, ${exact(event.rejected)} rejected` : taken;
}
