import { InvalidCursor } from "../trace-cursor.ts";

/** A record's place in a list, newest first; also what names the record. */
export interface LogCursor {
  /** When it happened, Unix nanoseconds. */
  readonly atNs: bigint;
  /** Hash of all of it; 0 stands behind every record of the moment. */
  readonly record: bigint;
}

export function encodeLogCursor({ atNs, record }: LogCursor): string {
  return Buffer.from(`${atNs}.${record}`).toString("base64url");
}

/** Throws `InvalidCursor`. */
export function decodeLogCursor(text: string): LogCursor {
  const match = /^(-?\d{1,19})\.(\d{1,20})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  if (match === null) throw new InvalidCursor();
  const [atNs, record] = [BigInt(match[1]!), BigInt(match[2]!)];
  if (atNs !== BigInt.asIntN(64, atNs) || record !== BigInt.asUintN(64, record)) throw new InvalidCursor();
  return { atNs, record };
}
