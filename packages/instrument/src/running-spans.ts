/** Spans that are open for at least this long are told about. */
const TICK_MS = 1000;

/**
 * Knows the spans that are open and hands out each one that stays open for 2 to 3 s, once. A span that has been
 * handed out, or has ended, is not kept.
 */
export class RunningSpans<Span> {
  readonly #announce: (span: Span) => void;
  /** By age: started since the last tick, before it, before the one before. */
  #young = new Set<Span>();
  #middle = new Set<Span>();
  #old = new Set<Span>();
  #timer: NodeJS.Timeout | undefined;

  constructor(announce: (span: Span) => void) {
    this.#announce = announce;
  }

  started(span: Span): void {
    this.#young.add(span);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  ended(span: Span): void {
    if (!this.#young.delete(span) && !this.#middle.delete(span)) this.#old.delete(span);
  }

  /** Hands out everything that is open: the process ends. */
  announceAll(): void {
    for (let times = 0; times < 3; times += 1) this.#tick();
  }

  #tick(): void {
    const due = this.#old;
    this.#old = this.#middle;
    this.#middle = this.#young;
    this.#young = new Set();
    for (const span of due) this.#announce(span);
    if (this.#old.size + this.#middle.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
