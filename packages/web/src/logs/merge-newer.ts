import type { LogItem, LogList } from "@clew/protocol/api/logs";

/** A list with what an answer about its newest end has beyond it. */
export interface MergedLogs {
  readonly items: readonly LogItem[];
  readonly added: readonly LogItem[];
}

/**
 * Both are newest first; the answer is the newest there is, back to some moment. Undefined when it may not reach back to
 * the list, so that something between them could be missing.
 */
export function mergeNewer(items: readonly LogItem[], answer: LogList): MergedLogs | undefined {
  const oldest = answer.items.at(-1);
  const newest = items[0];
  const isWhole = answer.next === undefined && answer.partial === undefined;
  if (!isWhole && (oldest === undefined || newest === undefined || isNewer(oldest, newest))) return undefined;
  const known = new Set(items.map(({ id }) => id));
  const added = answer.items.filter(({ id }) => !known.has(id));
  if (added.length === 0) return { items, added };
  return { items: [...added, ...items].sort((a, b) => (isNewer(a, b) ? -1 : isNewer(b, a) ? 1 : 0)), added };
}

function isNewer(a: LogItem, b: LogItem): boolean {
  return BigInt(a.timeNanos) > BigInt(b.timeNanos);
}
