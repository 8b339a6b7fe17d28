import type { Exporter } from "./export/exporter.ts";
import { sendBlocking } from "./export/send-blocking.ts";
import { countFault } from "./fault.ts";
import { watchSignals } from "./signals.ts";
import { isMainThread } from "./threads.ts";

/** The longest that the end of a process may take for what it has not sent. */
const MOST_MS = 1000;

/** Sends what is left when the process ends: by itself, by `process.exit`, by an error or by a signal. */
export class ExitFlush {
  readonly #exporter: Exporter;
  readonly #announce: () => void;
  #signalsWatched = false;
  #gaveUp = false;

  /** `announce` tells of the spans that are open still. */
  constructor(exporter: Exporter, announce: () => void) {
    this.#exporter = exporter;
    this.#announce = announce;
    process.on("beforeExit", () => {
      // It would be emitted again after our flush, and listeners of the agent would run twice.
      if (process.listenerCount("beforeExit") === 1) void this.#flush();
    });
    process.on("exit", () => this.#flushBlocking());
  }

  /** From the first span on: what sends nothing need not be waited for. */
  onSpan(): void {
    if (this.#signalsWatched) return;
    this.#signalsWatched = true;
    try {
      if (isMainThread()) watchSignals(() => this.#flush());
    } catch (error) {
      countFault("signals", error);
    }
  }

  async #flush(): Promise<void> {
    try {
      this.#announce();
      if (this.#gaveUp || !this.#exporter.hasUnsent) return;
      await this.#exporter.flush(MOST_MS);
      this.#gaveUp = this.#exporter.hasUnsent;
    } catch (error) {
      countFault("exit", error);
    }
  }

  #flushBlocking(): void {
    try {
      this.#announce();
      if (this.#gaveUp || !this.#exporter.hasUnsent) return;
      const parcels = this.#exporter.takeUnsent();
      if (parcels.length > 0) sendBlocking(parcels, MOST_MS);
    } catch {
      // Nobody is left to tell.
    }
  }
}
