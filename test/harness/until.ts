import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 25;
const TIMEOUT_MS = 60_000;

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

/**
 * Asks `look` again and again until it answers something other than undefined and false, and returns that.
 * After the time is over it rejects with what was waited for and what went wrong last; until then it does
 * not mind `look` rejecting.
 */
export async function until<Found>(
  what: string,
  look: () => Found | Promise<Found>,
  { timeoutMs = TIMEOUT_MS, pollMs = POLL_MS }: UntilOptions = {},
): Promise<Exclude<Found, undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const found = await look();
      cause = undefined;
      if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      const why = cause instanceof Error ? `: ${cause.message}` : "";
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}${why}`, { cause });
    }
    await sleep(pollMs);
  }
}
