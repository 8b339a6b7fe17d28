import type { TraceItem } from "@clew/protocol/api/trace-item";

/** So many traces are held. */
export const MOST_ROWS = 2000;

/** What is shown of what arrives. The rows that were there longest go first. */
export interface Tail {
  /** The one that came last first. */
  readonly rows: readonly TraceItem[];
  /** Came while the rows stood still; the one that came last first. */
  readonly held: readonly TraceItem[];
  /** Those that came and are neither shown nor held any more. */
  readonly dropped: number;
}

export const EMPTY_TAIL: Tail = { rows: [], held: [], dropped: 0 };

/**
 * The tail after these came, the last of them last. What is known is renewed where it stands, so a trace is never told
 * twice; what is new goes on top, or is held where the rows are to stand still.
 */
export function withItems(tail: Tail, items: readonly TraceItem[], isStill: boolean): Tail {
  const changed = new Map(items.map((item) => [item.traceId, item]));
  const renew = (rows: readonly TraceItem[]): readonly TraceItem[] => {
    let isSame = true;
    const renewed = rows.map((row) => {
      const item = changed.get(row.traceId);
      if (item === undefined) return row;
      changed.delete(row.traceId);
      isSame = false;
      return item;
    });
    return isSame ? rows : renewed;
  };
  const rows = renew(tail.rows);
  const held = renew(tail.held);
  const fresh = [...changed.values()].reverse();
  const next = isStill ? { rows, held: [...fresh, ...held] } : { rows: [...fresh, ...rows], held };
  return bounded(next, tail.dropped);
}

/** The rows with what was held on top of them. */
export function released({ rows, held, dropped }: Tail): Tail {
  return held.length === 0
    ? { rows, held, dropped }
    : bounded({ rows: [...held, ...rows], held: [] }, dropped);
}

function bounded({ rows, held }: Pick<Tail, "rows" | "held">, dropped: number): Tail {
  const over = Math.max(0, rows.length - MOST_ROWS) + Math.max(0, held.length - MOST_ROWS);
  if (over === 0) return { rows, held, dropped };
  return { rows: rows.slice(0, MOST_ROWS), held: held.slice(0, MOST_ROWS), dropped: dropped + over };
}
