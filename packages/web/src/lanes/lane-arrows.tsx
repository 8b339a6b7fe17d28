import type { LaneEdge } from "@clew/protocol/analysis/analysis";
import { useId } from "react";
import { duration, exact } from "../format/quantities.ts";
import type { Arrow } from "./edges-in-view.ts";
import css from "./lane-arrows.module.css";

interface LaneArrowsProps {
  readonly arrows: readonly Arrow[];
  readonly width: number;
  readonly height: number;
  /** How far the lanes are scrolled. */
  readonly top: number;
  /** -1 for none; the arrows at it are brought out. */
  readonly selected: number;
  readonly onSelect: (span: number) => void;
}

const TYPES: readonly LaneEdge["type"][] = ["call", "hand-off", "message"];
/** A time in a queue is told where there is room for it. */
const TOLD_FROM_PX = 44;

/** What goes from lane to lane, in view. The table of calls and hand-offs has the same in words. */
export function LaneArrows({ arrows, width, height, top, selected, onSelect }: LaneArrowsProps) {
  const id = useId();
  return (
    <svg className={css.arrows} width={width} height={height} aria-hidden="true" focusable="false">
      <defs>
        {TYPES.map((type) => (
          <marker
            key={type}
            id={`${id}${type}`}
            className={css.head}
            data-type={type}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0.5L8 4L0 7.5z" />
          </marker>
        ))}
      </defs>
      <g transform={`translate(0 ${-top})`}>
        {arrows.map((arrow) => {
          const { edge, times, isCounted } = arrow;
          const isNear = edge.fromSpan === selected || edge.toSpan === selected;
          const length = arrow.x2 - arrow.x1;
          const isTold = edge.type === "message" && edge.queueUs > 0 && length > TOLD_FROM_PX;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table of calls is what keyboards use
            <g
              key={`${edge.fromSpan} ${edge.toSpan} ${edge.type}`}
              className={css.arrow}
              data-type={edge.type}
              data-near={isNear}
              onClick={(event) => {
                event.stopPropagation();
                onSelect(edge.toSpan);
              }}
            >
              <title>{words(arrow)}</title>
              <path className={css.reach} d={curve(arrow)} />
              <path className={css.line} d={curve(arrow)} markerEnd={`url(#${id}${edge.type})`} />
              {isTold && (
                <text x={arrow.x1 + length / 2} y={(arrow.y1 + arrow.y2) / 2 - 4}>
                  {duration(edge.queueUs / 1000)} queued
                </text>
              )}
              {isCounted && (
                <text x={arrow.x2 + 5} y={(arrow.y1 + arrow.y2) / 2 + 4} data-times="true">
                  ×{exact(times)}
                </text>
              )}
            </g>
          );
        })}
      </g>
    </svg>
  );
}

function words({ edge, times }: Arrow): string {
  const queued = edge.queueUs > 0 ? `, ${duration(edge.queueUs / 1000)} until it began` : "";
  return times > 1 ? `${exact(times)} of: ${edge.type}${queued}` : `${edge.type}${queued}`;
}

/** Straight down where it takes no time; else away from the sender and down into the receiver. */
function curve({ x1, y1, x2, y2 }: Arrow): string {
  if (x2 - x1 < 6) return `M${x1} ${y1}L${x2} ${y2}`;
  const bend = (y2 - y1) * 0.6;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
