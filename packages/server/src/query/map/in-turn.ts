import type { Store } from "../../store/store.ts";

/** What the last in the line waits for. */
const lines = new WeakMap<Store, Promise<void>>();

/**
 * Does one thing after the other with a store, so that many who ask at once do not keep everybody else waiting. Who
 * leaves meanwhile is let in at once, to be told so.
 */
export async function inTurn<Result>(
  store: Store,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = lines.get(store) ?? Promise.resolve();
  const done = Promise.withResolvers<void>();
  lines.set(
    store,
    before.then(() => done.promise),
  );
  const left = Promise.withResolvers<void>();
  const leave = (): void => left.resolve();
  signal?.addEventListener("abort", leave);
  if (signal?.aborted) leave();
  try {
    await Promise.race([before, left.promise]);
    return await work();
  } finally {
    signal?.removeEventListener("abort", leave);
    done.resolve();
  }
}
