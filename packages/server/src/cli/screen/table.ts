import { paint, type Style } from "./paint.ts";
import type { Screen } from "./screen.ts";
import { clipped, padded, textWidth } from "./text-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "left" | "right";
  readonly style?: (row: Row) => Style | undefined;
  /** May be clipped down to this many columns; a column without it is never clipped. */
  readonly shrinksTo?: number;
  /** Columns are left out in rising order when the rest does not fit; one without it always stays. */
  readonly keep?: number;
}

const GAP = 2;

/**
 * A table as lines. It fits the screen's width: first long columns are clipped, the longest first, then the
 * least important are left out. Columns without any value are left out as well.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], screen: Screen): string[] {
  const cells = new Map(columns.map((column) => [column, rows.map((row) => column.value(row))]));
  let shown = columns.filter((column) => cells.get(column)?.some((cell) => cell !== ""));
  const natural = (column: Column<Row>): number =>
    Math.max(textWidth(column.title), ...(cells.get(column) ?? []).map(textWidth));
  const narrowest = (column: Column<Row>): number =>
    Math.min(natural(column), column.shrinksTo ?? natural(column));
  const total = (width: (column: Column<Row>) => number): number =>
    shown.reduce((sum, column) => sum + width(column), GAP * Math.max(0, shown.length - 1));
  const room = screen.isTerminal ? screen.width : Number.POSITIVE_INFINITY;
  while (total(narrowest) > room) {
    const least = shown.filter((column) => column.keep !== undefined).sort((a, b) => a.keep! - b.keep!)[0];
    if (least === undefined) break;
    shown = shown.filter((column) => column !== least);
  }
  const widths = new Map(shown.map((column) => [column, natural(column)]));
  for (let excess = total((column) => widths.get(column)!) - room; excess > 0; excess--) {
    const widest = shown
      .filter((column) => widths.get(column)! > narrowest(column))
      .sort((a, b) => widths.get(b)! - widths.get(a)!)[0];
    if (widest === undefined) break;
    widths.set(widest, widths.get(widest)! - 1);
  }
  const more = screen.unicode ? "…" : "~";
  const line = (
    text: (column: Column<Row>) => string,
    style: (column: Column<Row>) => Style | undefined,
  ): string =>
    shown
      .map((column, at) => {
        const width = widths.get(column)!;
        const fitted = clipped(text(column), width, more);
        const last = at === shown.length - 1 && column.align !== "right";
        return paint(screen, style(column), last ? fitted : padded(fitted, width, column.align));
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  return [
    line(
      (column) => column.title,
      () => "dim",
    ),
    ...rows.map((row, at) =>
      line(
        (column) => cells.get(column)![at]!,
        (column) => column.style?.(row),
      ),
    ),
  ];
}
