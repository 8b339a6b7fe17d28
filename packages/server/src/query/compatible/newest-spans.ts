import type { Store } from "../../store/store.ts";
import { SCAN } from "../query-settings.ts";
import { statement } from "../sql.ts";

/** A stretch of time, from inclusive, to exclusive. */
export interface Stretch {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** The last moment that the store knows. */
const LAST_NS = 2n ** 63n - 1n;

/** All there is. */
export const EVER: Stretch = { fromNs: 0n, toNs: LAST_NS };

/**
 * The newest part of a stretch of time, in whole quarters of an hour, that holds about this many spans: more only by
 * those of one quarter. Undefined when no span starts there.
 */
export async function newestSpans(
  store: Store,
  { fromNs, toNs }: Stretch,
  most: number,
  signal?: AbortSignal,
): Promise<Stretch | undefined> {
  const [row] = await store.query<{ from_ns: string }>(statement("compatible-newest-spans"), {
    parameters: { from_ns: fromNs, to_ns: toNs, most },
    settings: SCAN,
    ...(signal && { signal }),
  });
  const newest = BigInt(row?.from_ns ?? 0);
  if (newest === 0n) return undefined;
  return { fromNs: newest > fromNs ? newest : fromNs, toNs };
}
