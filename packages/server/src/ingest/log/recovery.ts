import type { FileHandle } from "node:fs/promises";
import { open, rename, rm, stat } from "node:fs/promises";
import type { LogDamage } from "./log-reader.ts";
import { LogReader } from "./log-reader.ts";
import { listSegments, readSegmentHeader, SEGMENT_HEADER_BYTES, segmentPath } from "./segment.ts";

/** What a log left behind, after what never became durable has been cut off. */
export interface Recovery {
  /** Segments before the last one, with their sizes. */
  readonly sealed: readonly { readonly number: number; readonly bytes: number }[];
  /** The segment to go on with; undefined for a new log. */
  readonly last: { readonly number: number; readonly nonce: number; readonly end: number } | undefined;
  readonly damage: readonly LogDamage[];
}

/**
 * Reads the last segment to find where the log ends. A torn end is cut; damage before it is reported and left
 * alone, as is damage in earlier segments, which readers skip.
 */
export async function recoverLog(dir: string): Promise<Recovery> {
  const { segments, spares } = await listSegments(dir);
  await Promise.all(spares.map((path) => rm(path, { force: true })));
  const damage: LogDamage[] = [];
  let last: Recovery["last"];
  let number = segments.pop();
  for (; number !== undefined; number = segments.pop()) {
    last = await recoverLastSegment(dir, number, damage);
    if (last !== undefined) break;
  }
  const sealed = await Promise.all(
    segments.map(async (segment) => ({
      number: segment,
      bytes: (await stat(segmentPath(dir, segment))).size,
    })),
  );
  return { sealed, last, damage };
}

async function recoverLastSegment(
  dir: string,
  number: number,
  damage: LogDamage[],
): Promise<Recovery["last"]> {
  const path = segmentPath(dir, number);
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const header = await readSegmentHeader(file);
    if (header?.number !== number) {
      await removeUnbegun(path, number, size, header !== undefined, damage);
      return undefined;
    }
    const end = await findEnd(dir, number, size, damage);
    if (end < size) await cut(file, end);
    return { number, nonce: header.nonce, end };
  } finally {
    await file.close();
  }
}

/**
 * Nothing was ever acknowledged from a file whose own header is not there yet; but one that has bytes and no
 * readable header at all may be a segment that went bad, and is kept aside.
 */
async function removeUnbegun(
  path: string,
  number: number,
  size: number,
  formerLife: boolean,
  damage: LogDamage[],
): Promise<void> {
  if (formerLife || size <= SEGMENT_HEADER_BYTES) return rm(path, { force: true });
  damage.push({ position: { segment: number, offset: 0 }, bytes: size, reason: "bad segment" });
  await rename(path, `${path}.damaged`);
}

/** Where the last good record ends. Damage in front of it is added to `damage`. */
async function findEnd(dir: string, number: number, size: number, damage: LogDamage[]): Promise<number> {
  const reader = new LogReader({ dir });
  let end = SEGMENT_HEADER_BYTES;
  let open: LogDamage[] = [];
  try {
    const from = { segment: number, offset: 0 };
    for await (const batch of reader.read(from, { segment: number, offset: size })) {
      open.push(...batch.damage);
      const lastRecord = batch.records.at(-1);
      if (lastRecord === undefined) continue;
      end = lastRecord.next.offset;
      damage.push(...open.filter((each) => each.position.offset < end));
      open = open.filter((each) => each.position.offset >= end);
    }
  } finally {
    await reader.close();
  }
  return end;
}

async function cut(file: FileHandle, end: number): Promise<void> {
  await file.truncate(end);
  await file.sync();
}
