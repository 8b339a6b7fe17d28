import type { ResolvedId } from "@clew/protocol/api/resolve";
import { KIND_LABELS } from "./known-id.ts";

const KEY = "clew.recent";
const MOST = 8;
/** Longer ones are not worth their place. */
const MOST_LENGTH = 200;

/** What was looked at last in this browser, newest first: ids, and nothing of what is behind them. */
export function recentIds(): readonly ResolvedId[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isResolvedId).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts it first. */
export function rememberId(one: ResolvedId): void {
  if (one.id.length > MOST_LENGTH) return;
  const others = recentIds().filter(({ kind, id }) => kind !== one.kind || id !== one.id);
  try {
    localStorage.setItem(KEY, JSON.stringify([one, ...others].slice(0, MOST)));
  } catch {
    // Storage is off or full: nothing is remembered.
  }
}

export function forgetIds(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Storage is off: there is nothing to forget.
  }
}

function isResolvedId(value: unknown): value is ResolvedId {
  const { kind, id, traceId } = (value ?? {}) as Partial<ResolvedId>;
  if (typeof id !== "string" || typeof kind !== "string" || !Object.hasOwn(KIND_LABELS, kind)) return false;
  return kind === "span" ? typeof traceId === "string" : true;
}
