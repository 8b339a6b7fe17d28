import type { HrTime } from "@opentelemetry/api";

let lastMs = 0;
let sameMs = 0;

/** Now, to the millisecond; lines of one millisecond are a microsecond apart, so that they keep their order. */
export function logTime(): HrTime {
  const ms = Date.now();
  sameMs = ms === lastMs ? Math.min(sameMs + 1, 999) : 0;
  lastMs = ms;
  return [Math.trunc(ms / 1000), (ms % 1000) * 1_000_000 + sameMs * 1000];
}
