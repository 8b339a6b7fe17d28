import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { IconButton } from "../elements/button.tsx";
import { CopyButton } from "../elements/copy-button.tsx";
import { Icon } from "../elements/icon.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { duration } from "../format/quantities.ts";
import type { Place } from "../location/place.ts";
import { textOf } from "../trace/span-facts.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import { SpanDetailView } from "./span-detail-view.tsx";
import css from "./span-panel.module.css";

interface SpanPanelProps {
  readonly trace: TraceColumns;
  readonly span: number;
  readonly place: Place;
  readonly panel: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Spans that are passed by with the keys are not asked for. */
const PAUSE_MS = 90;

/** The details of one span; what the trace already tells is there at once. */
export function SpanPanel({ trace, span, place, panel, onClose }: SpanPanelProps) {
  const id = trace.id[span] ?? "";
  const wanted = useSettled(id);
  // What is running, and whatever else changes with the trace, is asked for again.
  const version = `${trace.dur[span]} ${trace.flags[span]}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["span", trace.traceId, wanted, version],
    queryFn: ({ signal }) => api.span(trace.traceId, wanted, { signal }),
    enabled: wanted === id && id !== "",
    staleTime: 60_000,
    placeholderData: (old) => (old?.spans[0]?.spanId === id ? old : undefined),
  });
  const look = lookOfSpan(trace, span);
  const name = textOf(trace, "name", span);
  const details = wanted === id ? (data?.spans ?? []) : [];
  return (
    <aside ref={panel} className={css.panel} aria-label="Span details" tabIndex={-1}>
      <header className={css.head}>
        <span className={css.kind} data-color={look.color}>
          <Icon name={look.icon} />
          {look.word}
        </span>
        <h2>{name || "(no name)"}</h2>
        <CopyButton label="Link" text={() => linkTo(trace, id)} />
        <IconButton icon="close" label="Close" className={css.close} onClick={onClose} />
      </header>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {details.length > 1 && (
        <p className={css.note}>{details.length} different spans were sent with this id.</p>
      )}
      {details.map((detail, at) => (
        <SpanDetailView key={`${id} ${at}`} trace={trace} span={span} detail={detail} place={place} />
      ))}
      {details.length === 0 && error === null && (
        <p className={css.waiting} role="status">
          {duration((trace.dur[span] ?? 0) / 1000)}
        </p>
      )}
    </aside>
  );
}

function linkTo(trace: TraceColumns, id: string): string {
  return `${location.origin}/traces/${trace.traceId}?span=${id}`;
}

/** The id once it has stayed the same for a moment; the first one at once. */
function useSettled(id: string): string {
  const [settled, setSettled] = useState(id);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(id), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return settled;
}
