import type { TraceUpdate } from "@clew/protocol/api/live";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { type FollowState, useFollow } from "../api/follow.ts";

/** A trace that began longer ago than this gets no more spans, unless one is running. */
const RECENT_MS = 10 * 60_000;
/** Spans that arrive late may turn out to be the earliest. */
const EARLIER_NS = 60_000_000_000n;
/** Reading it again takes at most one part in so many of the time. */
const REST_FACTOR = 4;
const LEAST_PAUSE_MS = 300;

/** Reads the trace again whenever it got spans, for as long as it may get some. */
export function useFollowedTrace(trace: TraceColumns | undefined): FollowState {
  const queries = useQueryClient();
  const reading = useRef<"no" | "yes" | "again">("no");
  const id = trace?.traceId ?? "";
  const isOpen = trace?.flags.some((flags) => (flags & SPAN_FLAG.running) !== 0) === true;
  const isRecent = trace !== undefined && Date.now() - (trace.t0Ms + trace.durMs) < RECENT_MS;
  const t0 = BigInt(trace?.t0Nanos ?? 0);
  const read = async (): Promise<void> => {
    if (reading.current !== "no") {
      reading.current = "again";
      return;
    }
    do {
      reading.current = "yes";
      const beganMs = performance.now();
      await queries.invalidateQueries({ queryKey: ["trace", id] });
      const tookMs = performance.now() - beganMs;
      await new Promise((resolve) => setTimeout(resolve, Math.max(LEAST_PAUSE_MS, tookMs * REST_FACTOR)));
    } while ((reading.current as string) === "again");
    reading.current = "no";
  };
  return useFollow<TraceUpdate>(id, trace !== undefined && (isOpen || isRecent), {
    stream: (client, signal) =>
      client.traceUpdates(
        { from: String(t0 > EARLIER_NS ? t0 - EARLIER_NS : 0n), to: String(t0 + 1n) },
        { signal },
      ),
    onOpen: () => void read(),
    onMessage: ({ items }) => {
      if (items.some(({ traceId }) => traceId === id)) void read();
    },
  });
}
