/**
 * Bars in levels, over what goes from left to right: time, or what is added up. Bars of a level never cover each
 * other. Columns by bar, so that 100,000 need no object each.
 */
export interface FlameSheet {
  /** Length of the columns; bars without a place have the level -1. */
  readonly count: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** The bar above; negative for none. */
  readonly parent: Int32Array;
  readonly levelOf: Int32Array;
  readonly levels: number;
  /** The bars of level i are `bars` from `levelStart[i]` up to `levelStart[i + 1]`, from left to right. */
  readonly levelStart: Int32Array;
  readonly bars: Int32Array;
  /** From the left edge of the first to the right edge of the last. */
  readonly whole: { readonly from: number; readonly to: number };
}

/** `inOrder` has the bars from left to right; those of one place in the order in which they are passed. */
export function sheetOf(
  columns: Pick<FlameSheet, "from" | "to" | "parent" | "levelOf">,
  inOrder: Int32Array,
  whole: FlameSheet["whole"],
): FlameSheet {
  const { levelOf } = columns;
  let levels = 0;
  let placed = 0;
  for (const bar of inOrder) {
    if (levelOf[bar]! < 0) continue;
    placed++;
    if (levelOf[bar]! >= levels) levels = levelOf[bar]! + 1;
  }
  const levelStart = new Int32Array(levels + 1);
  for (const bar of inOrder) if (levelOf[bar]! >= 0) levelStart[levelOf[bar]! + 1]!++;
  for (let level = 0; level < levels; level++) levelStart[level + 1]! += levelStart[level]!;
  const next = levelStart.slice();
  const bars = new Int32Array(placed);
  for (const bar of inOrder) {
    if (levelOf[bar]! < 0) continue;
    bars[next[levelOf[bar]!]!] = bar;
    next[levelOf[bar]!]!++;
  }
  return { count: levelOf.length, ...columns, levels, levelStart, bars, whole };
}

/** Place in `bars` of the first of a level that reaches to the right of `x`; the level's end when none does. */
export function firstReaching({ levelStart, bars, to }: FlameSheet, level: number, x: number): number {
  let low = levelStart[level]!;
  let high = levelStart[level + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (to[bars[middle]!]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bar at a place, or the nearest one within `near` beside it; -1 for none. */
export function barUnder(sheet: FlameSheet, level: number, x: number, near: number): number {
  if (level < 0 || level >= sheet.levels) return -1;
  const { bars, levelStart, from, to } = sheet;
  let found = -1;
  let least = near;
  for (let at = firstReaching(sheet, level, x - near); at < levelStart[level + 1]!; at++) {
    const bar = bars[at]!;
    if (from[bar]! > x + near) break;
    const away = Math.max(from[bar]! - x, x - to[bar]!);
    if (away > least) continue;
    found = bar;
    least = away;
  }
  return found;
}

export type FlameStep = "up" | "down" | "left" | "right" | "first" | "last";

/** Where a step leads: to the bar above, the first below, the siblings beside it. The same bar where there is none. */
export function stepFrom(sheet: FlameSheet, bar: number, step: FlameStep): number {
  const { parent, from, levelOf } = sheet;
  if (step === "up") return parent[bar]! >= 0 ? parent[bar]! : bar;
  const above = step === "down" ? bar : parent[bar]!;
  const beside: number[] = [];
  for (let other = 0; other < sheet.count; other++) {
    if (levelOf[other]! < 0) continue;
    if (parent[other] === above || (above < 0 && parent[other]! < 0)) beside.push(other);
  }
  beside.sort((a, b) => from[a]! - from[b]! || levelOf[a]! - levelOf[b]! || a - b);
  if (step === "down" || step === "first") return beside[0] ?? bar;
  if (step === "last") return beside.at(-1) ?? bar;
  return beside[beside.indexOf(bar) + (step === "left" ? -1 : 1)] ?? bar;
}
