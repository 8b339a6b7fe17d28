import type { Signal } from "@clew/protocol/signal";
import type { FileFormat } from "./documents.ts";
import type { SendOutcome } from "./otlp-sender.ts";

export interface FileResult {
  readonly file: string;
  /** Absent while nothing in it was understood. */
  format?: FileFormat;
  /** Why the file, or the rest of it, could not be read. */
  fault?: string;
}

export interface ImportResult {
  readonly files: readonly FileResult[];
  /** Spans, log records and metrics that the server has. */
  readonly accepted: Readonly<Record<Signal, number>>;
  readonly rejected: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

/** Counts what becomes of the records of several files. */
export class Tally {
  readonly #files: FileResult[] = [];
  readonly #accepted: Record<Signal, number> = { traces: 0, logs: 0, metrics: 0 };
  readonly #reasons = new Map<string, number>();

  begin(file: string): void {
    this.#files.push({ file });
  }

  found(format: FileFormat, rejected: readonly string[]): void {
    const file = this.#files.at(-1);
    if (file) file.format = format;
    for (const reason of rejected) this.#reject(reason, 1);
  }

  sent(signal: Signal, { accepted, rejected, reason }: SendOutcome): void {
    this.#accepted[signal] += accepted;
    if (rejected > 0) this.#reject(reason, rejected);
  }

  unreadable(fault: string): void {
    const file = this.#files.at(-1);
    if (file) file.fault = fault;
  }

  /** True when everything of every file is with the server. */
  get isComplete(): boolean {
    return this.#reasons.size === 0 && this.#files.every(({ fault }) => fault === undefined);
  }

  get result(): ImportResult {
    const reasons = [...this.#reasons]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count);
    const rejected = reasons.reduce((sum, { count }) => sum + count, 0);
    return { files: this.#files, accepted: this.#accepted, rejected, reasons };
  }

  #reject(reason: string, count: number): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count);
  }
}
