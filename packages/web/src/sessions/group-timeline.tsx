import type { TraceTurn } from "@clew/protocol/api/trace-group";
import { statusOf } from "../elements/status-mark.tsx";
import { moment } from "../format/moments.ts";
import { duration, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import css from "./group-timeline.module.css";
import type { Pause, Timeline } from "./timeline-layout.ts";

const ROW_PX = 16;
/** A pause as narrow as this part of the width has no room for words. */
const LEAST_FOR_WORDS = 0.04;
/** At both ends of the axis is a time. */
const ENDS = 0.15;

interface GroupTimelineProps {
  readonly traces: readonly TraceTurn[];
  readonly timeline: Timeline;
  /** Id of the trace that the pointer or the focus is at. */
  readonly pointed: string | undefined;
  readonly onPoint: (traceId: string | undefined) => void;
}

/**
 * A bar for each trace; long pauses are shortened and say how long they were. The table below has the same for the
 * keyboard and for who does not see it.
 */
export function GroupTimeline({ traces, timeline, pointed, onPoint }: GroupTimelineProps) {
  const { bars, rows, pauses, busyMs } = timeline;
  const startMs = Math.min(...traces.map((trace) => trace.startMs));
  const endMs = Math.max(...traces.map((trace) => trace.startMs + trace.durMs));
  const longest = Math.max(...pauses.map(({ ms }) => ms));
  return (
    <figure className={css.figure}>
      <figcaption>
        At work for {duration(busyMs)}
        {pauses.length === 1 && `; a pause of ${duration(longest)} is shortened`}
        {pauses.length > 1 &&
          `; ${many(pauses.length, "pause")} are shortened, the longest was ${duration(longest)}`}
      </figcaption>
      <div aria-hidden="true">
        <div className={css.plot} style={{ height: rows * ROW_PX + 4 }}>
          {pauses.map(({ left, width, ms, before }) => (
            <span
              key={before}
              className={css.pause}
              title={`Nothing for ${duration(ms)}`}
              style={{ left: percent(left), width: percent(width) }}
            />
          ))}
          {traces.map((trace, at) => {
            const { left, width, row } = bars[at]!;
            return (
              <Link
                key={trace.traceId}
                href={`/traces/${trace.traceId}`}
                tabIndex={-1}
                className={css.bar}
                data-status={statusOf(trace)}
                data-pointed={trace.traceId === pointed}
                title={`${trace.rootName}\n${trace.isRunning ? "running" : duration(trace.durMs)}${trace.status === "error" ? ", with an error" : ""}`}
                style={{ left: percent(left), width: percent(width), top: row * ROW_PX + 4 }}
                onMouseEnter={() => onPoint(trace.traceId)}
                onMouseLeave={() => onPoint(undefined)}
              />
            );
          })}
        </div>
        <div className={css.axis}>
          <span>{moment(startMs, endMs)}</span>
          {pauses.filter(hasRoom).map(({ left, width, ms, before }) => (
            <span key={before} className={css.length} style={{ left: percent(left + width / 2) }}>
              {duration(ms)}
            </span>
          ))}
          <span>{moment(endMs, endMs)}</span>
        </div>
      </div>
    </figure>
  );
}

/** Whether it has room for words below it. */
function hasRoom({ left, width }: Pause): boolean {
  const middle = left + width / 2;
  return width >= LEAST_FOR_WORDS && middle > ENDS && middle < 1 - ENDS;
}

function percent(part: number): string {
  return `${part * 100}%`;
}
