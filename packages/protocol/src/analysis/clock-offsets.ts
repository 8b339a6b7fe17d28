import { SPAN_FLAG } from "../api/trace-columns.ts";
import type { SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { crossesBorder, isCall, STATUS_ERROR } from "./span-role.ts";

/** Some SDKs cut times to the millisecond, on both sides: less than that proves nothing. */
export const CLOCK_TOLERANCE_US = 2_000;

/** By how much the clock of one service may be ahead of another's, going by the calls between them. */
interface Bounds {
  /** Less is impossible: it would have been called after its caller had ended. */
  least: number;
  /** Less is unlikely: its caller would have had the answer before it was ready. */
  likely: number;
  /** More is impossible: it would have started before it was called. */
  most: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Microseconds by which the clock of each service is ahead of the first one's. A call from A to B says where B's
 * clock may stand:
 *
 *     A  ├──────────────────────┤            most:   B starts this much after A
 *     B  ·····├───────────┤······            likely: B ends this much after A (here negative)
 *        most └┘          └────┘ -likely     least:  B starts this much after A's end (here negative)
 *
 * A server's span may end after its caller has the answer, on one and the same clock, so that alone is no evidence.
 * Undefined when nothing contradicts that all clocks agree. Services that contradict themselves are left out.
 */
export function clockOffsets(
  trace: SpanRows,
  tree: SpanTree,
  sent: TraceClock,
): Map<number, number> | undefined {
  const services = new Map<number, Map<number, Bounds>>();
  let isSkewed = false;
  let before: number | undefined;
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    const called = trace.service[row] ?? 0;
    if (called !== before && !services.has(called)) services.set(called, new Map());
    before = called;
    const parent = tree.parent[row]!;
    if (parent < 0 || !crossesBorder(trace, parent, row)) continue;
    const bounds = boundsOf(trace, sent, parent, row);
    isSkewed ||= bounds.most < -CLOCK_TOLERANCE_US || bounds.least > CLOCK_TOLERANCE_US;
    const caller = trace.service[parent] ?? 0;
    if (caller !== called) narrow(services.get(called)!, caller, bounds);
  }
  if (!isSkewed) return undefined;
  const offsets = new Map<number, number>();
  for (const [service, callers] of services) {
    const all: Bounds = { least: NEVER, likely: NEVER, most: Number.POSITIVE_INFINITY };
    for (const [caller, { least, likely, most }] of callers) {
      const base = offsets.get(caller);
      if (base === undefined) continue;
      all.least = Math.max(all.least, least + base);
      all.likely = Math.max(all.likely, likely + base);
      all.most = Math.min(all.most, most + base);
    }
    if (all.least <= all.most) offsets.set(service, offsetWithin(all));
  }
  return offsets;
}

function boundsOf(trace: SpanRows, { start, end }: TraceClock, caller: number, called: number): Bounds {
  const most = start[called]! - start[caller]!;
  const isOpen = (((trace.flags[caller] ?? 0) | (trace.flags[called] ?? 0)) & SPAN_FLAG.running) !== 0;
  // Who gave up waiting may have been called late.
  const isAnswered = !isOpen && isCall(trace, caller, called) && trace.status[caller] !== STATUS_ERROR;
  if (!isAnswered) return { least: NEVER, likely: NEVER, most };
  return { least: start[called]! - end[caller]!, likely: end[called]! - end[caller]!, most };
}

function narrow(callers: Map<number, Bounds>, caller: number, { least, likely, most }: Bounds): void {
  const known = callers.get(caller);
  if (known === undefined) {
    callers.set(caller, { least, likely, most });
    return;
  }
  known.least = Math.max(known.least, least);
  known.likely = Math.max(known.likely, likely);
  known.most = Math.min(known.most, most);
}

/** 0 where that is possible; else halfway, as if the way there took as long as the way back. */
function offsetWithin({ least, likely, most }: Bounds): number {
  if (least - CLOCK_TOLERANCE_US <= 0 && most + CLOCK_TOLERANCE_US >= 0) return 0;
  if (Number.isFinite(likely) && likely <= most) return (likely + most) / 2;
  return most < 0 ? most : Math.min(most, Math.max(least, 0));
}
