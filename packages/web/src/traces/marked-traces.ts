import { useSyncExternalStore } from "react";

/** A trace that was marked in a list. */
export interface MarkedTrace {
  readonly traceId: string;
  readonly name: string;
}

/** As many as can be compared. */
const MOST = 2;

/** The traces with this one marked, or unmarked where it was; of three the one that was marked first gives way. */
export function withMark(marked: readonly MarkedTrace[], trace: MarkedTrace): readonly MarkedTrace[] {
  const others = marked.filter(({ traceId }) => traceId !== trace.traceId);
  return others.length < marked.length ? others : [...others, trace].slice(-MOST);
}

/** They stay marked from list to list, until the page is left. */
let marked: readonly MarkedTrace[] = [];
const listeners = new Set<() => void>();

function set(next: readonly MarkedTrace[]): void {
  marked = next;
  for (const listener of listeners) listener();
}

export function toggleMark(trace: MarkedTrace): void {
  set(withMark(marked, trace));
}

export function clearMarks(): void {
  set([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** At most two, in the order in which they were marked: the first is A. */
export function useMarkedTraces(): readonly MarkedTrace[] {
  return useSyncExternalStore(subscribe, () => marked);
}
