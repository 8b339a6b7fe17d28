/** What one page of a transcript may take. */
export interface TranscriptLimits {
  readonly timeoutMs: number;
  /** That one statement may read. */
  readonly maxBytes: number;
  /** A span with more text is named and not read. */
  readonly mostSpanBytes: number;
  /** Text that is read at once. */
  readonly batchBytes: number;
  /** Text that is read for the page; what comes then is on the next. */
  readonly mostBytes: number;
  /** Text of earlier calls that is read to know what is new; where it does not suffice, more counts as new. */
  readonly mostEarlierBytes: number;
  /** Characters of one part of a message. */
  readonly partChars: number;
  /** Characters told on a page; what comes then is on the next. */
  readonly pageChars: number;
}

export const TRANSCRIPT_LIMITS: TranscriptLimits = {
  timeoutMs: 8000,
  maxBytes: 4 * 1024 ** 3,
  mostSpanBytes: 16 * 1024 ** 2,
  batchBytes: 8 * 1024 ** 2,
  mostBytes: 64 * 1024 ** 2,
  mostEarlierBytes: 16 * 1024 ** 2,
  partChars: 24_000,
  pageChars: 2_000_000,
};
