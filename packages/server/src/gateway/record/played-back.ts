import { setTimeout as delay } from "node:timers/promises";
import type { Pace, RecordedAnswer } from "./recorder.ts";

/** The chunks of an answer in their time. Ends early when `signal` says that nobody listens any more. */
export async function* playedBack(
  { chunks }: RecordedAnswer,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const startMs = performance.now();
  for (const { afterMs, bytes } of chunks) {
    const waitMs = pace === "original" ? afterMs - (performance.now() - startMs) : 0;
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    yield bytes;
  }
}
