import { InvalidCursor } from "./trace-cursor.ts";

/** Where a list of sessions or tasks, newest activity first, goes on: after this one. */
export interface GroupCursor {
  /** Minute of its newest activity, epoch seconds. */
  readonly lastBucket: number;
  readonly lastNs: bigint;
  readonly id: string;
}

export function encodeGroupCursor({ lastBucket, lastNs, id }: GroupCursor): string {
  return Buffer.from(JSON.stringify([lastBucket, String(lastNs), id])).toString("base64url");
}

/** Throws `InvalidCursor`. */
export function decodeGroupCursor(text: string): GroupCursor {
  try {
    const [lastBucket, lastNs, id] = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown[];
    const isMinute = Number.isInteger(lastBucket) && Number(lastBucket) >= 0 && Number(lastBucket) < 2 ** 32;
    if (
      isMinute &&
      typeof lastNs === "string" &&
      /^-?\d{1,18}$|^\d{19}$/.test(lastNs) &&
      typeof id === "string"
    ) {
      return { lastBucket: Number(lastBucket), lastNs: BigInt.asIntN(64, BigInt(lastNs)), id };
    }
  } catch {
    // Not base64 of JSON: refused like any other text.
  }
  throw new InvalidCursor();
}
