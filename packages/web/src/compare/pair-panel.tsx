import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import type { Place } from "../location/place.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import { changeText, lineName } from "./change-words.ts";
import type { Compared } from "./compared.ts";
import { PairFacts } from "./pair-facts.tsx";
import css from "./pair-panel.module.css";
import { PairParts } from "./pair-parts.tsx";
import { type Side, SideBadge } from "./side-badge.tsx";

interface PairPanelProps {
  readonly compared: Compared;
  readonly line: number;
  readonly place: Place;
  readonly panel: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Pairs that are passed by with the keys are not asked for. */
const PAUSE_MS = 90;

/** What the spans of a line have to say, and how it differs. */
export function PairPanel({ compared, line, place, panel, onClose }: PairPanelProps) {
  const { a, b, comparison } = compared;
  const isSettled = useSettled(line) === line;
  const rows = { a: comparison.a[line]!, b: comparison.b[line]! };
  const details = {
    a: useDetail(a, rows.a, isSettled),
    b: useDetail(b, rows.b, isSettled),
  };
  const look = rows.b >= 0 ? lookOfSpan(b.trace, rows.b) : lookOfSpan(a.trace, rows.a);
  const change = changeText(compared, line);
  const isWaiting = details.a.isWaiting || details.b.isWaiting;
  return (
    <aside ref={panel} className={css.panel} aria-label="Both spans" tabIndex={-1}>
      <header className={css.head}>
        <span className={css.kind} data-color={look.color}>
          <Icon name={look.icon} />
          {look.word}
        </span>
        <h2>{lineName(compared, line)}</h2>
        {(["a", "b"] as const).map(
          (side) =>
            rows[side] >= 0 && (
              <Link key={side} href={spanAddress(compared[side], rows[side])} className={css.link}>
                Open <SideBadge side={side} />
              </Link>
            ),
        )}
        <IconButton icon="close" label="Close (Esc)" onClick={onClose} />
      </header>
      {change !== "" && <p className={css.change}>{change}</p>}
      <PairFacts compared={compared} rows={rows} details={{ a: details.a.detail, b: details.b.detail }} />
      {(["a", "b"] as const).map((side) => (
        <Fault key={side} side={side} error={details[side].error} again={details[side].again} />
      ))}
      {isWaiting ? (
        <p className={css.waiting} role="status">
          Reading what was said
        </p>
      ) : (
        <PairParts key={line} a={details.a.detail} b={details.b.detail} place={place} />
      )}
    </aside>
  );
}

function spanAddress({ trace }: AnalysedTrace, row: number): string {
  return `/traces/${trace.traceId}?span=${trace.id[row]}`;
}

interface Detail {
  /** Undefined while it is asked for, and where the trace has no such span. */
  readonly detail: SpanDetail | undefined;
  readonly error: Error | null;
  readonly isWaiting: boolean;
  readonly again: () => void;
}

function useDetail({ trace }: AnalysedTrace, row: number, isSettled: boolean): Detail {
  const id = trace.id[row] ?? "";
  // What is running, and whatever else changes with the trace, is asked for again.
  const version = `${trace.dur[row]} ${trace.flags[row]}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["span", trace.traceId, id, version],
    queryFn: ({ signal }) => api.span(trace.traceId, id, { signal }),
    enabled: isSettled && row >= 0,
    staleTime: 60_000,
  });
  const detail = row < 0 ? undefined : data?.spans[0];
  return {
    detail,
    error,
    isWaiting: row >= 0 && detail === undefined && error === null,
    again: () => void refetch(),
  };
}

function Fault({
  side,
  error,
  again,
}: {
  readonly side: Side;
  readonly error: Error | null;
  readonly again: () => void;
}) {
  if (error === null) return null;
  return (
    <div className={css.fault}>
      <p>
        The span of <SideBadge side={side} /> could not be read.
      </p>
      <Trouble error={error} again={again} />
    </div>
  );
}

/** The line once it has stayed the same for a moment; the first one at once. */
function useSettled(line: number): number {
  const [settled, setSettled] = useState(line);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(line), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [line]);
  return settled;
}
