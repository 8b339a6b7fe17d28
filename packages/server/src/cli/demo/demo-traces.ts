import { setTimeout as sleep } from "node:timers/promises";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { DemoFailed } from "./demo-agents.ts";

const POLL_MS = 250;
const MOST_MS = 20_000;

/**
 * The traces that `list` tells of, in the order in which they began, once there are as many as expected and all that
 * was sent has arrived. Rejects with `DemoFailed` where they do not come.
 */
export async function tracesOf(
  list: () => Promise<readonly TraceItem[]>,
  expected: number,
  signal: AbortSignal,
): Promise<TraceItem[]> {
  const deadline = performance.now() + MOST_MS;
  let before = -1;
  while (performance.now() < deadline) {
    const items = await list();
    const spans = items.reduce((sum, { spanCount }) => sum + spanCount, 0);
    // Whoever sent them has ended, so what comes does not pause for long.
    if (items.filter((item) => !item.rootMissing).length === expected && spans === before) {
      return items.toSorted((a, b) => a.startMs - b.startMs);
    }
    before = spans;
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new DemoFailed("The agents ran, but their traces did not arrive; `clew status` may say why");
}
