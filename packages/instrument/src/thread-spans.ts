import type { SpanRecord } from "./export/exporter.ts";
import type { Parcel } from "./export/outbox.ts";
import type { ParentThread } from "./export/parent-thread.ts";
import type { OpenSpans } from "./processors.ts";

/**
 * Keeps the thread that made this one told of the spans that are open here: a thread that is stopped has no moment
 * to tell of them. A span that ends before what runs now is done is not worth a word.
 */
export class ThreadSpans implements OpenSpans {
  readonly #parent: ParentThread;
  readonly #announcement: (span: SpanRecord) => Parcel | undefined;
  readonly #new = new Set<SpanRecord>();
  readonly #told = new Set<SpanRecord>();
  #closed: string[] = [];
  #isScheduled = false;

  constructor(parent: ParentThread, announcement: (span: SpanRecord) => Parcel | undefined) {
    this.#parent = parent;
    this.#announcement = announcement;
  }

  started(span: SpanRecord): void {
    this.#new.add(span);
    this.#schedule();
  }

  ended(span: SpanRecord): void {
    this.done(span);
  }

  /** Of this span this thread has told itself: it has ended, or was announced as running. */
  done(span: SpanRecord): void {
    if (this.#new.delete(span) || !this.#told.delete(span)) return;
    this.#closed.push(span.spanContext().spanId);
    this.#schedule();
  }

  tell(): void {
    this.#isScheduled = false;
    const opened: [string, Parcel][] = [];
    for (const span of this.#new) {
      const announcement = this.#announcement(span);
      if (announcement === undefined) continue;
      opened.push([span.spanContext().spanId, announcement]);
      this.#told.add(span);
    }
    this.#new.clear();
    if (opened.length + this.#closed.length > 0) this.#parent.tell(opened, this.#closed);
    this.#closed = [];
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parent.schedule(() => this.tell());
  }
}
