import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { useDrag } from "../lanes/use-drag.ts";
import { ticksOf } from "../trace/trace-time.ts";
import { useScheme, useSize } from "../trace/use-canvas.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { useWheelZoom } from "../trace/use-wheel-zoom.ts";
import css from "./flame-plot.module.css";
import { barUnder, type FlameSheet } from "./flame-sheet.ts";
import {
  BAR_PX,
  type FlameFacts,
  type FlamePicture,
  LEVEL_PX,
  levelAt,
  paintFlame,
  TOP_PX,
  xIn,
} from "./paint-flame.ts";

interface FlamePlotProps {
  readonly sheet: FlameSheet;
  readonly facts: FlameFacts;
  readonly window: { readonly from: number; readonly to: number };
  /** As far as the window may reach; default the sheet. */
  readonly whole?: { readonly from: number; readonly to: number };
  /** -1 for none. */
  readonly selected: number;
  readonly label: string;
  readonly hint: string;
  /** The selected bar in words, read out when it changes. */
  readonly said: string;
  readonly amount: (at: number) => string;
  readonly tip: (bar: number) => ReactNode;
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly onSelect: (bar: number) => void;
  readonly onOpen: (bar: number) => void;
  readonly onDragged: (window: { readonly from: number; readonly to: number }) => void;
  /** Undefined where what goes from left to right has no zoom of its own. */
  readonly onWheel?: (window: { readonly from: number; readonly to: number }) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const TICKS = 5;
const NEAR_PX = 4;
const AXIS_PX = 28;
const TIP_PX = 300;

/** A sheet of bars on a canvas; only what is in view is drawn. */
export function FlamePlot(props: FlamePlotProps) {
  const { sheet, facts, window, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hintId = useId();
  const size = useSize(scroller);
  const scheme = useScheme();
  const [top, setTop] = useState(0);
  const { width } = size;
  const picture = useMemo(
    (): FlamePicture => ({ sheet, facts, ...window, width, top, height: size.height }),
    [sheet, facts, window, width, top, size.height],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides the colours
  useEffect(() => {
    if (canvas.current !== null && width > 0) paintFlame(canvas.current, picture);
  }, [picture, scheme]);
  useFocusAtFirst(props.stage);
  useWheelZoom(props.stage, { window, whole: props.whole ?? sheet.whole, onZoom: props.onWheel });
  useShownLevel(scroller, selected < 0 ? -1 : sheet.levelOf[selected]!);
  const at = (x: number): number => window.from + (x / width) * (window.to - window.from);
  const under = (x: number, y: number): number =>
    barUnder(sheet, levelAt(y + top), at(x), at(NEAR_PX) - window.from);
  const drag = useDrag({
    onClick: (x, y) => {
      const bar = under(x, y);
      if (bar >= 0) props.onSelect(bar);
    },
    onDragged: (from, to) => props.onDragged({ from: at(from), to: at(to) }),
  });
  const { hover } = drag;
  const hovered = hover === undefined ? -1 : under(hover.x, hover.y);
  return (
    <div className={css.plot} style={{ flexBasis: sheet.levels * LEVEL_PX + 2 * TOP_PX + AXIS_PX }}>
      <div className={css.axis} aria-hidden="true">
        {ticksOf(window, TICKS).map((tick) => (
          <span key={tick} style={{ left: `${((tick - window.from) / (window.to - window.from)) * 100}%` }}>
            {props.amount(tick)}
          </span>
        ))}
      </div>
      <div
        ref={scroller}
        className={css.scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: Math.max(sheet.levels * LEVEL_PX + 2 * TOP_PX, size.height) }}>
          <div
            ref={props.stage}
            role="application"
            aria-label={props.label}
            aria-describedby={hintId}
            tabIndex={0}
            className={css.stage}
            style={{ width, height: size.height }}
            data-hovers={hovered >= 0}
            onKeyDown={props.onKeyDown}
            onDoubleClick={() => hovered >= 0 && props.onOpen(hovered)}
            {...drag.handlers}
          >
            <canvas ref={canvas} className={css.canvas} />
            <Ring picture={picture} bar={selected} />
            {drag.range && (
              <span
                className={css.range}
                style={{ left: drag.range[0], width: drag.range[1] - drag.range[0] }}
              />
            )}
          </div>
        </div>
      </div>
      {/* Over what is below as well: a shallow flame has no room for it. */}
      {hover && hovered >= 0 && (
        <span
          className={css.tip}
          aria-hidden="true"
          style={{ left: Math.max(0, Math.min(hover.x + 28, width - TIP_PX)), top: hover.y + AXIS_PX + 14 }}
        >
          {props.tip(hovered)}
        </span>
      )}
      <p id={hintId} className={css.hidden}>
        {props.hint}
      </p>
      <p role="status" className={css.hidden}>
        {props.said}
      </p>
    </div>
  );
}

/** Around the selected bar. */
function Ring({ picture, bar }: { readonly picture: FlamePicture; readonly bar: number }) {
  const { sheet, width, top } = picture;
  if (bar < 0 || sheet.levelOf[bar]! < 0) return null;
  const left = Math.max(-4, xIn(picture, sheet.from[bar]!));
  const right = Math.min(width + 4, xIn(picture, sheet.to[bar]!));
  if (right < 0 || left > width) return null;
  const place = {
    left,
    width: Math.max(3, right - left - 1),
    top: sheet.levelOf[bar]! * LEVEL_PX + TOP_PX - top,
  };
  return <span className={css.ring} style={{ ...place, height: BAR_PX }} />;
}

/** Scrolls to a level when it has become another one. */
function useShownLevel(scroller: RefObject<HTMLElement | null>, level: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null || level < 0) return;
    const top = level * LEVEL_PX;
    const bottom = top + LEVEL_PX + 2 * TOP_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight;
  }, [scroller, level]);
}
