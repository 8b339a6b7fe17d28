import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { Icon } from "../elements/icon.tsx";
import { count, duration } from "../format/quantities.ts";
import type { LaneFrame } from "./lane-frames.ts";
import css from "./lane-heads.module.css";

interface LaneHeadsProps {
  readonly analysis: TraceAnalysis;
  readonly frames: readonly LaneFrame[];
  /** By lane, microseconds of its runs. */
  readonly times: readonly { readonly us: number }[];
  /** By lane. */
  readonly errors: Int32Array;
  /** Of the selected span; -1 for none. */
  readonly selectedLane: number;
  readonly onToggle: (lane: number) => void;
  readonly onSelect: (span: number) => void;
}

/** Who each lane is. */
export function LaneHeads({ analysis, frames, times, errors, selectedLane, ...on }: LaneHeadsProps) {
  return (
    <div className={css.heads}>
      {frames.map(({ lane, top, height, isClosed }) => {
        const { label, agent, spans, firstSpan, service } = analysis.lanes.lanes[lane]!;
        return (
          <div
            key={lane}
            className={css.head}
            data-closed={isClosed}
            data-selected={lane === selectedLane}
            style={{ transform: `translateY(${top}px)`, height }}
          >
            <button
              type="button"
              className={css.toggle}
              aria-expanded={!isClosed}
              aria-label={`${label}: ${isClosed ? "open" : "close"} the lane`}
              onClick={() => on.onToggle(lane)}
            >
              <Icon name="chevron" />
            </button>
            <span className={css.kind} data-agent={agent !== ""}>
              <Icon name={agent !== "" ? "agent" : "server"} />
            </span>
            <button
              type="button"
              className={css.name}
              title={`${label}${agent !== "" && service !== "" && service !== agent ? `, service ${service}` : ""}`}
              onClick={() => on.onSelect(firstSpan)}
            >
              <bdi>{label}</bdi>
            </button>
            <small className={css.facts}>
              {duration((times[lane]?.us ?? 0) / 1000)}, {count(spans)} {spans === 1 ? "span" : "spans"}
              {errors[lane]! > 0 && (
                <span className={css.errors}>
                  {" "}
                  {count(errors[lane]!)} {errors[lane] === 1 ? "error" : "errors"}
                </span>
              )}
            </small>
          </div>
        );
      })}
    </div>
  );
}
