import type { IncomingHttpHeaders } from "node:http";

/** A request as record and replay see it. */
export interface RecordableCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Whole and decompressed as far as `content-encoding` is known; undefined where it was too large to be kept. */
  readonly body: Uint8Array | undefined;
  /** The route's name in the configuration. */
  readonly route?: string | undefined;
  readonly agent?: string | undefined;
  readonly testCaseId?: string | undefined;
}

/** Takes one answer, piece by piece, while it goes to the client. Nothing here throws or waits. */
export interface AnswerRecording {
  head(status: number, headers: IncomingHttpHeaders): void;
  /** `bytes` are kept: the caller may not write to them afterwards. */
  chunk(bytes: Uint8Array): void;
  /** The answer is whole: writes the file. */
  end(): void;
  /** The answer was cut off: nothing is written. */
  abandon(): void;
}

export interface Recorder {
  /** False for what is no call of a model, and for what could not be served again. */
  wants(call: RecordableCall): boolean;
  open(call: RecordableCall): AnswerRecording;
  /** Resolves when all that was recorded is in its files. */
  close(): Promise<void>;
}

/** `original`: every piece of an answer comes when it came; `fast`: as soon as it can be written. */
export type Pace = "original" | "fast";

export interface RecordedChunk {
  /** Since the request was sent. */
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Lower-case names; without those that say how the bytes were sent (`content-length`, `transfer-encoding`, …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly RecordedChunk[];
}

export interface Replayer {
  readonly pace: Pace;
  /**
   * The recorded answer; undefined when the upstream is to be asked; "missing" when there is none and there has to
   * be one: the client then gets 404 with `missingAnswer`.
   */
  answer(call: RecordableCall): RecordedAnswer | undefined | "missing";
}
