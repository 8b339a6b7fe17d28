import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { many } from "../format/quantities.ts";
import { AttributeList } from "./attribute-list.tsx";
import css from "./record-list.module.css";
import { sinceStart } from "./since-start.ts";

export function EventList({ detail }: { readonly detail: SpanDetail }) {
  return (
    <>
      <ol className={css.list}>
        {detail.events.map((event, at) => (
          <li key={at}>
            <header>
              <strong>{event.name || "(no name)"}</strong>
              <span>{sinceStart(detail, event.timeUnixNano)}</span>
            </header>
            {(event.attributes?.length ?? 0) > 0 && (
              <AttributeList
                attributes={event.attributes ?? []}
                dropped={event.droppedAttributesCount ?? 0}
              />
            )}
          </li>
        ))}
      </ol>
      {detail.droppedEventsCount > 0 && (
        <p className={css.note}>{many(detail.droppedEventsCount, "event")} left out by the sender.</p>
      )}
    </>
  );
}
