import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from "react";
import { duration } from "../format/quantities.ts";
import { type Heat, heatText } from "../trace/heat.ts";
import { aside, textOf } from "../trace/span-facts.ts";
import { type TimeWindow, ticksOf } from "../trace/trace-time.ts";
import { type Size, useScheme, useSize } from "../trace/use-canvas.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { useWheelZoom } from "../trace/use-wheel-zoom.ts";
import { arrowsInView } from "./edges-in-view.ts";
import { LaneArrows } from "./lane-arrows.tsx";
import { framesBetween, type LaneFrames, type LaneMeasures } from "./lane-frames.ts";
import { LaneHeads } from "./lane-heads.tsx";
import type { LaneLevels } from "./lane-levels.ts";
import css from "./lane-plot.module.css";
import { boxOf, endIn, frameOf, type LaneScene, spanUnder } from "./lane-scene.ts";
import { paintLanes } from "./paint-lanes.ts";
import { useDrag } from "./use-drag.ts";
import type { LanesViewProps } from "./view-props.ts";

interface LanePlotProps extends Omit<LanesViewProps, "find" | "isBrief" | "place" | "onEnter" | "heat"> {
  readonly heat: Heat | undefined;
  readonly levels: LaneLevels;
  readonly all: LaneFrames;
  readonly measures: LaneMeasures;
  readonly found: Uint8Array | undefined;
  readonly times: readonly { readonly us: number }[];
  readonly errors: Int32Array;
  readonly onToggle: (lane: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** The selected span in words, read out when it changes. */
  readonly said: string;
}

const TICKS = 5;
const MARGIN_PX = 16;

/** Lanes over time: bars on a canvas, arrows above them, heads beside them. Only what is in view is drawn. */
export function LanePlot(props: LanePlotProps) {
  const { analysed, all, levels, measures, window, whole, selected, found, showsPath, heat } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hintId = useId();
  const size = useSize(scroller);
  const scheme = useScheme();
  const [top, setTop] = useState(0);
  const width = Math.max(0, size.width - measures.headWidth - MARGIN_PX);
  const scene = useMemo(
    (): LaneScene => ({ analysed, levels, all, window, nowUs: whole.to, width }),
    [analysed, levels, all, window, whole, width],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides the colours
  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    paintLanes(canvas.current, { scene, top, height: size.height, found, showsPath, heat });
  }, [scene, top, size.height, found, showsPath, heat, width, scheme]);
  useShownLane(scroller, scene, selected);
  useFocusAtFirst(props.grid);
  useWheelZoom(props.grid, { window, whole, onZoom: props.onZoom });

  const shown = framesBetween(all, top, top + size.height);
  const arrows = useMemo(
    () => arrowsInView(scene, analysed.analysis.edges, { top, bottom: top + size.height }),
    [scene, analysed, top, size.height],
  );
  const drag = useDrag({
    onClick: (x, y) => props.onSelect(spanUnder(scene, x, y + top)),
    onDragged: (from, to) => {
      const us = (x: number): number => window.from + (x / width) * (window.to - window.from);
      props.onZoom({ from: us(from), to: us(to) });
    },
  });
  const hovered = drag.hover === undefined ? -1 : spanUnder(scene, drag.hover.x, drag.hover.y + top);
  return (
    <div className={css.lanes}>
      <Axis window={window} left={measures.headWidth} />
      <div
        ref={scroller}
        className={css.scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div className={css.content} style={{ height: Math.max(all.height, size.height) }}>
          <div
            ref={props.grid}
            role="application"
            aria-label="Lanes over time"
            aria-describedby={hintId}
            tabIndex={0}
            className={css.stage}
            style={{ marginLeft: measures.headWidth, width, height: size.height }}
            data-hovers={hovered >= 0}
            onKeyDown={props.onKeyDown}
            {...drag.handlers}
          >
            <canvas ref={canvas} className={css.canvas} />
            <LaneArrows
              arrows={arrows}
              width={width}
              height={size.height}
              top={top}
              selected={selected}
              onSelect={props.onSelect}
            />
            <Ring scene={scene} span={selected} top={top} />
            {drag.range && (
              <span
                className={css.range}
                style={{ left: drag.range[0], width: drag.range[1] - drag.range[0] }}
              />
            )}
            {drag.hover && hovered >= 0 && (
              <Tip
                scene={scene}
                span={hovered}
                x={drag.hover.x}
                y={drag.hover.y}
                size={{ ...size, width }}
                heat={heat}
              />
            )}
          </div>
          <LaneHeads
            analysis={analysed.analysis}
            frames={shown}
            times={props.times}
            errors={props.errors}
            selectedLane={selected < 0 ? -1 : analysed.analysis.lanes.laneOf[selected]!}
            onToggle={props.onToggle}
            onSelect={props.onSelect}
          />
        </div>
      </div>
      <p id={hintId} className={css.hidden}>
        Left and right go through the spans of a lane, up and down to the lanes beside it, Enter into the
        details. The tables below say the same in words.
      </p>
      <p role="status" className={css.hidden}>
        {props.said}
      </p>
    </div>
  );
}

function Axis({ window, left }: { readonly window: TimeWindow; readonly left: number }) {
  return (
    <div className={css.axis} aria-hidden="true">
      {left > 0 && <span style={{ width: left }}>Lane</span>}
      <span className={css.ticks}>
        {ticksOf(window, TICKS).map((tick) => (
          <span key={tick} style={{ left: `${((tick - window.from) / (window.to - window.from)) * 100}%` }}>
            {duration(tick / 1000)}
          </span>
        ))}
      </span>
    </div>
  );
}

/** Around the bar of the selected span. */
function Ring({
  scene,
  span,
  top,
}: {
  readonly scene: LaneScene;
  readonly span: number;
  readonly top: number;
}) {
  const box = span < 0 ? undefined : boxOf(scene, span);
  if (box === undefined || box.left > scene.width || box.left + box.width < 0) return null;
  const left = Math.max(-4, box.left);
  const width = Math.max(3, Math.min(scene.width + 4, box.left + box.width) - left);
  return <span className={css.ring} style={{ left, width, top: box.top - top, height: box.height }} />;
}

interface TipProps {
  readonly scene: LaneScene;
  readonly span: number;
  readonly x: number;
  readonly y: number;
  readonly size: Size;
  readonly heat: Heat | undefined;
}

const TIP_PX = 300;

function Tip({ scene, span, x, y, size, heat }: TipProps) {
  const { trace, analysis } = scene.analysed;
  const place = {
    left: Math.max(0, Math.min(x + 12, size.width - TIP_PX)),
    ...(y > size.height - 90 ? { bottom: size.height - y + 10 } : { top: y + 16 }),
  };
  const ms = (endIn(scene, span) - analysis.clock.start[span]!) / 1000;
  return (
    <span className={css.tip} style={place} aria-hidden="true">
      <strong>{textOf(trace, "name", span) || "(no name)"}</strong>
      <span>{[aside(trace, span), duration(ms)].filter(Boolean).join(" · ")}</span>
      {heat !== undefined && heat.name !== "duration" && (
        <span>
          {heatText(heat.name, heat.amounts[span]!)} {heat.name === "self" && "its own"}
        </span>
      )}
      {trace.status[span] === 2 && <em>{textOf(trace, "err", span) || "error"}</em>}
    </span>
  );
}

/** Scrolls to the lane of the span when another one was selected. */
function useShownLane(scroller: RefObject<HTMLElement | null>, scene: LaneScene, selected: number): void {
  const last = useRef(selected);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || selected === last.current) return;
    last.current = selected;
    const frame = selected < 0 ? undefined : frameOf(scene, selected);
    if (frame === undefined) return;
    const { scrollTop, clientHeight } = element;
    const bottom = frame.top + frame.height;
    if (frame.top < scrollTop) element.scrollTop = frame.top;
    else if (bottom > scrollTop + clientHeight) element.scrollTop = bottom - clientHeight;
  }, [scroller, scene, selected]);
}
