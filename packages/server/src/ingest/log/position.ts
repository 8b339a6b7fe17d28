/** A place in the durable log. Positions grow with time and are never given out twice. */
export interface Position {
  /** Number of the segment file, from 1. */
  readonly segment: number;
  /** Byte offset within the file. */
  readonly offset: number;
}

/** Negative when `a` is before `b`, zero when they are the same place. */
export function comparePositions(a: Position, b: Position): number {
  return a.segment - b.segment || a.offset - b.offset;
}
