import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import css from "./minimap.module.css";
import type { ShownTree } from "./shown-tree.ts";
import { lookOfSpan } from "./span-look.ts";
import { endOf, type TimeWindow } from "./trace-time.ts";
import { tokenColors, useScheme, useSize } from "./use-canvas.ts";

interface MinimapProps {
  readonly trace: TraceColumns;
  readonly tree: ShownTree;
  /** Errors at or below each span. */
  readonly errors: Int32Array;
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly onZoom: (window: TimeWindow) => void;
}

const HEIGHT_PX = 44;
/** A drag shorter than this is a click. */
const LEAST_DRAG = 0.005;

/** The whole trace at a glance; dragging over a stretch zooms to it. The keys + − 0 do the same. */
export function Minimap({ trace, tree, errors, window, whole, onZoom }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(canvas);
  const scheme = useScheme();
  const [drag, setDrag] = useState<readonly [number, number]>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides the colours
  useEffect(() => {
    if (width === 0) return;
    // Rows come first.
    const timer = setTimeout(() => {
      if (canvas.current !== null) paint(canvas.current, width, trace, tree, errors, whole);
    });
    return () => clearTimeout(timer);
  }, [trace, tree, errors, whole, width, scheme]);
  const at = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const end = (): void => {
    if (drag === undefined) return;
    const [from, to] = drag[0] < drag[1] ? drag : [drag[1], drag[0]];
    setDrag(undefined);
    onZoom(to - from < LEAST_DRAG ? whole : { from: from * whole.to, to: to * whole.to });
  };
  const shown = drag ?? [window.from / whole.to, window.to / whole.to];
  const [left, right] = [Math.min(...shown), Math.max(...shown)];
  return (
    <div
      className={css.minimap}
      aria-hidden="true"
      title="Drag to zoom, click for the whole trace"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([at(event), at(event)]);
      }}
      onPointerMove={(event) => drag && setDrag([drag[0], at(event)])}
      onPointerUp={end}
      onPointerCancel={() => setDrag(undefined)}
    >
      <canvas ref={canvas} height={HEIGHT_PX} />
      <span className={css.shade} style={{ left: 0, width: `${left * 100}%` }} />
      <span className={css.shade} style={{ right: 0, width: `${(1 - right) * 100}%` }} />
    </div>
  );
}

/** A line for each span in the order of the rows, as many as there is room for; errors on top. */
function paint(
  canvas: HTMLCanvasElement,
  width: number,
  trace: TraceColumns,
  tree: ShownTree,
  errors: Int32Array,
  whole: TimeWindow,
): void {
  const ratio = devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = HEIGHT_PX * ratio;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const colors = tokenColors(canvas, TOKENS);
  const step = Math.min(6, (HEIGHT_PX - 4) / tree.order.length);
  const thick = Math.max(1, step - 1);
  /** By pixel: how far what begins there is drawn already. Of those that would cover each other, one is enough. */
  const drawn = new Int32Array(HEIGHT_PX * (width + 1));
  const colorOf = lookups(trace, colors);
  const bar = (row: number, span: number, color: string): void => {
    const left = ((trace.start[span] ?? 0) / whole.to) * width;
    const length = Math.max(1, (endOf(trace, span, whole) / whole.to) * width - left);
    const top = 2 + Math.floor(row * step);
    const place = top * (width + 1) + Math.min(width, Math.max(0, Math.round(left)));
    if (Math.round(length) <= drawn[place]!) return;
    drawn[place] = Math.round(length);
    context.fillStyle = color;
    context.fillRect(left, top, length, thick);
  };
  for (let row = 0; row < tree.order.length; row++) bar(row, tree.order[row]!, colorOf(tree.order[row]!));
  drawn.fill(0);
  const isOrigin = (span: number): boolean => trace.status[span] === 2 && errors[span] === 1;
  for (let row = 0; row < tree.order.length; row++)
    if (isOrigin(tree.order[row]!)) bar(row, tree.order[row]!, colors.error);
}

/** Colours by span; what spans of a kind look like is found out once. */
function lookups(trace: TraceColumns, colors: Readonly<Record<string, string>>): (span: number) => string {
  const known: string[] = [];
  return (span) => {
    const like = (trace.type[span] ?? 0) * 8 + Math.min(7, Math.max(0, trace.kind[span] ?? 0));
    return (known[like] ??= colors[lookOfSpan(trace, span).color] ?? "");
  };
}

const TOKENS = ["agent", "llm", "tool", "data", "flow", "plain", "error"] as const;
