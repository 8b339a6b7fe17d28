import type { IngestCounters } from "@clew/protocol/api/ingest-event";
import { useSyncExternalStore } from "react";

const KEY = "clew.refused-seen";
const listeners = new Set<() => void>();

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** The refused requests that were told of are no news any more. */
export function seeRefused({ sinceMs, refusals }: Pick<IngestCounters, "sinceMs" | "refusals">): void {
  const seen = `${sinceMs} ${sum(refusals)}`;
  if (seen === stored()) return;
  try {
    localStorage.setItem(KEY, seen);
  } catch {
    // Storage is off: they stay news.
  }
  for (const listener of listeners) listener();
}

/** How many requests were refused since somebody last looked at them in this browser. */
export function useNewlyRefused(counters: IngestCounters | undefined): number {
  const seen = useSyncExternalStore(subscribe, stored);
  if (counters === undefined) return 0;
  const [sinceMs, count] = seen.split(" ").map(Number);
  const refused = sum(counters.refusals);
  return sinceMs === counters.sinceMs ? Math.max(0, refused - (count ?? 0)) : refused;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function sum(refusals: IngestCounters["refusals"]): number {
  return refusals.reduce((total, { count }) => total + count, 0);
}
