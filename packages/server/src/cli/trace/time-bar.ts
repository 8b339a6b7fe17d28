const EIGHTHS = " ▏▎▍▌▋▊▉█";

/** A stretch of time as parts of the whole axis, 0 to 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretches drawn on an axis of `width` cells, precise to an eighth of a cell where the characters allow
 * it: a block can begin anywhere in its first cell only as a half or an eighth. Nothing is too short to see.
 *
 *     from 0.30 to 0.62 of 8 cells:  "  ▐██    "
 */
export function timeBar(stretches: readonly Stretch[], width: number, unicode: boolean): string {
  const cells = new Array<string>(width).fill(" ");
  for (const { from, to } of stretches) {
    const start = Math.min(Math.max(Math.round(from * width * 8), 0), width * 8 - 1);
    const end = Math.min(Math.max(Math.round(to * width * 8), start + 1), width * 8);
    const first = start >> 3;
    const last = (end - 1) >> 3;
    for (let cell = first; cell <= last; cell++) {
      const left = cell === first ? start & 7 : 0;
      const right = cell === last ? ((end - 1) & 7) + 1 : 8;
      if (unicode) cells[cell] = cells[cell] === " " ? block(left, right) : merged(cells[cell]!, left, right);
      else cells[cell] = right - left < 4 && first === last ? "|" : "#";
    }
  }
  return cells.join("");
}

/** What has begun and not ended: from `from`, a part of the whole axis, to its end. */
export function openBar(from: number, width: number, unicode: boolean): string {
  const start = Math.min(Math.max(Math.floor(from * width), 0), width - 1);
  return " ".repeat(start) + (unicode ? "░" : ".").repeat(width - start);
}

/** The character nearest to a cell that is filled from `left` to `right` eighths. */
function block(left: number, right: number): string {
  if (left === 0) return EIGHTHS[right]!;
  if (right === 8) return left >= 7 ? "▕" : left >= 3 ? "▐" : "█";
  const middle = (left + right) / 2;
  if (right - left >= 5) return "█";
  if (right - left >= 3) return middle < 4 ? "▌" : "▐";
  return middle < 2.7 ? "▏" : middle > 5.3 ? "▕" : "│";
}

/** Two stretches in one cell: the cell is full unless both are only a hair. */
function merged(drawn: string, left: number, right: number): string {
  const added = block(left, right);
  return drawn === added ? drawn : "█";
}

export interface Tick {
  readonly cell: number;
  readonly ms: number;
}

/** Round moments of the axis, far enough apart for their labels. */
export function ticks(totalMs: number, width: number, apart = 10): Tick[] {
  if (totalMs <= 0) return [];
  const atLeast = (totalMs * apart) / width;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= atLeast) ?? 10 * power;
  const found: Tick[] = [];
  for (let at = 0; at * step < totalMs; at++) {
    found.push({ cell: Math.floor(((at * step) / totalMs) * width), ms: at * step });
  }
  return found;
}
