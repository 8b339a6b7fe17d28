import { InvalidCursor } from "../trace-cursor.ts";

/** Where a transcript goes on: with this step, which is the one at `at` unless the trace has grown since. */
export interface TranscriptCursor {
  readonly at: number;
  /** 16 lower-case hex digits. */
  readonly span: string;
}

export function encodeTranscriptCursor({ at, span }: TranscriptCursor): string {
  return Buffer.from(`${at}.${span}`).toString("base64url");
}

/** Throws `InvalidCursor`. */
export function decodeTranscriptCursor(text: string): TranscriptCursor {
  const match = /^(\d{1,9})\.([0-9a-f]{16})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  if (match === null) throw new InvalidCursor();
  return { at: Number(match[1]), span: match[2]! };
}
