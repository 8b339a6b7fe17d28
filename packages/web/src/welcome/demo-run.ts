import type { DemoStatus } from "@clew/protocol/api/demo";
import { useSyncExternalStore } from "react";
import { api } from "../api/client.ts";
import { go } from "../location/place.ts";

const POLL_MS = 400;
/** Pages from which people are led to the trace when it is there; elsewhere they are busy with something else. */
const WAITING_AT = /^\/(welcome|traces)?$/;

/** The demonstration as this page knows it; undefined until it was asked for. */
export type DemoRun = DemoStatus | undefined;

const listeners = new Set<() => void>();
let run: DemoRun;

function hold(next: DemoRun): void {
  run = next;
  for (const listener of listeners) listener();
}

/**
 * Starts the demonstration and leads to the trace that failed, or else to the last one. It goes on when the list of
 * traces takes the place of the page that it was started from.
 */
export async function loadDemo(): Promise<void> {
  if (run?.state === "running") return;
  hold({ state: "running", lines: [], traces: [] });
  try {
    let status = await api.startDemo();
    for (; status.state === "running"; status = await api.demo()) {
      hold(status);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    hold(status);
    const best = status.traces.find(({ failed }) => failed) ?? status.traces.at(-1);
    if (best !== undefined && WAITING_AT.test(location.pathname)) go(`/traces/${best.traceId}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    hold({ state: "failed", lines: run?.lines ?? [], traces: [], error: why });
  }
}

export function useDemoRun(): DemoRun {
  return useSyncExternalStore(subscribe, () => run);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
