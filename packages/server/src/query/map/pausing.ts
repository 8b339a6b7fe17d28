import { setImmediate } from "node:timers/promises";

/** How long is worked at a stretch. */
const BUSY_MS = 20;

/** To be called now and then in long work: others use this thread too, and come in between. */
export function pausing(): () => Promise<void> | undefined {
  let restMs = performance.now() + BUSY_MS;
  return () => {
    if (performance.now() < restMs) return undefined;
    return setImmediate().then(() => {
      restMs = performance.now() + BUSY_MS;
    });
  };
}
