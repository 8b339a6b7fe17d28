import type { NodePlace } from "../lanes/graph-layout.ts";
import type { EdgePair } from "./graph-diff.ts";

/** Pixels. */
export const SHEET_NODE = { width: 204, height: 78 };
export const SHEET_GAP = { x: 130, y: 38 };
const PAD = 28;

export function sheetSize(places: readonly NodePlace[]): { readonly width: number; readonly height: number } {
  const columns = Math.max(0, ...places.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...places.map(({ row }) => row)) + 1;
  return {
    width: 2 * PAD + columns * SHEET_NODE.width + (columns - 1) * SHEET_GAP.x,
    height: 2 * PAD + rows * SHEET_NODE.height + (rows - 1) * SHEET_GAP.y,
  };
}

export function nodeCorner({ column, row }: NodePlace): { readonly left: number; readonly top: number } {
  return {
    left: PAD + column * (SHEET_NODE.width + SHEET_GAP.x),
    top: PAD + row * (SHEET_NODE.height + SHEET_GAP.y),
  };
}

/** To the right from side to side; back, and within a column, in an arc below. */
export function edgeRoute(
  { from, to, type }: Pick<EdgePair, "from" | "to" | "type">,
  places: readonly NodePlace[],
  height: number,
): { readonly path: string; readonly label: { readonly x: number; readonly y: number } } {
  const a = nodeCorner(places[from]!);
  const b = nodeCorner(places[to]!);
  const shift = type === "hand-off" ? 14 : type === "message" ? -14 : 0;
  if (a.left < b.left) {
    const [x1, y1] = [a.left + SHEET_NODE.width, a.top + SHEET_NODE.height / 2 + shift];
    const [x2, y2] = [b.left, b.top + SHEET_NODE.height / 2 + shift];
    const bend = Math.max(30, (x2 - x1) / 2);
    return {
      path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
      // Near to the end, where lines of one node have parted, and outside of the bend.
      label: { x: x1 + 0.66 * (x2 - x1), y: y2 > y1 ? y2 + 16 : y2 - 8 },
    };
  }
  const [x1, y1] = [a.left + SHEET_NODE.width / 2 + shift, a.top + SHEET_NODE.height];
  const [x2, y2] = [b.left + SHEET_NODE.width / 2 + shift - 16, b.top + SHEET_NODE.height];
  const low = Math.min(height - 6, Math.max(y1, y2) + SHEET_GAP.y);
  return {
    path: `M${x1} ${y1}C${x1} ${low} ${x2} ${low} ${x2} ${y2}`,
    label: { x: (x1 + x2) / 2, y: low - 8 },
  };
}
