import { PublicError } from "../errors.ts";

/** The cursor is not one that a list handed out. */
export class InvalidCursor extends PublicError {
  readonly code = "invalid_cursor";
  readonly status = 400;

  constructor() {
    super("cursor is not one that this list handed out; leave it out to begin with the newest");
  }
}

/** Where a list of traces, newest first, goes on: after this one. */
export interface TraceCursor {
  readonly startNs: bigint;
  /** 32 lower-case hex digits. */
  readonly traceId: string;
}

export function encodeCursor(cursor: TraceCursor): string {
  return Buffer.from(`${cursor.startNs}.${cursor.traceId}`).toString("base64url");
}

/** Throws `InvalidCursor`. */
export function decodeCursor(text: string): TraceCursor {
  const match = /^(-?\d{1,19})\.([0-9a-f]{32})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  if (match === null) throw new InvalidCursor();
  const startNs = BigInt(match[1]!);
  if (startNs !== BigInt.asIntN(64, startNs)) throw new InvalidCursor();
  return { startNs, traceId: match[2]! };
}
