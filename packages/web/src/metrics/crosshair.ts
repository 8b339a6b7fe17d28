import { useSyncExternalStore } from "react";

/** The moment that the pointer is at, for all charts of a page: whichever it is over. */
export class Crosshair {
  readonly #listeners = new Set<() => void>();
  #ms: number | undefined;
  #frame: number | undefined;

  get ms(): number | undefined {
    return this.#ms;
  }

  /** Told to the charts once a frame. */
  set(ms: number | undefined): void {
    if (ms === this.#ms) return;
    this.#ms = ms;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

const NOBODY = (): (() => void) => () => {};

/**
 * The index of the moment among those of a chart; undefined when it is not among them. A chart that is not in view is
 * not told.
 */
export function useCrosshair(
  crosshair: Crosshair,
  timesMs: readonly number[],
  isInView: boolean,
): number | undefined {
  return useSyncExternalStore(isInView ? crosshair.subscribe : NOBODY, () => {
    if (!isInView) return undefined;
    const at = crosshair.ms === undefined ? -1 : timesMs.indexOf(crosshair.ms);
    return at < 0 ? undefined : at;
  });
}
