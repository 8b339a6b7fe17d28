import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import { newSegmentHeader, SEGMENT_HEADER_BYTES, segmentPath, sparePath } from "./segment.ts";

/**
 * On Linux a write to a file opened with O_DSYNC is a write and an fdatasync in one trip to the kernel. Elsewhere
 * the flag promises less than `fdatasync` does.
 */
const DSYNC = process.platform === "linux" ? constants.O_DSYNC : 0;

/** Whether a write is durable when it returns; otherwise `fdatasync` has to follow. */
export const WRITES_ARE_DURABLE = DSYNC !== 0;

/** The segment that is written to. */
export interface ActiveSegment {
  readonly number: number;
  readonly nonce: number;
  readonly file: FileHandle;
}

/** Creates, recycles and deletes the files of one log. */
export class SegmentFiles {
  readonly #dir: string;
  readonly #durable: boolean;
  readonly #maxSpares: number;
  readonly #spares: string[] = [];

  /** Writing over a file that has its blocks is a third cheaper to sync than growing one: hence spares. */
  constructor(dir: string, durable: boolean, maxSpares: number) {
    this.#dir = dir;
    this.#durable = durable;
    this.#maxSpares = maxSpares;
  }

  /** Goes on with a segment that exists. */
  async reopen(number: number, nonce: number): Promise<ActiveSegment> {
    const file = await open(segmentPath(this.#dir, number), this.#flags(0));
    return { number, nonce, file };
  }

  /** A new segment whose existence and header are durable. Leaves no file behind when it fails. */
  async create(number: number): Promise<ActiveSegment> {
    const path = segmentPath(this.#dir, number);
    const spare = this.#spares.pop();
    let file: FileHandle | undefined;
    try {
      if (spare !== undefined) await rename(spare, path);
      file = await open(path, this.#flags(constants.O_CREAT), 0o600);
      const { bytes, nonce } = newSegmentHeader(number);
      await file.write(bytes, 0, SEGMENT_HEADER_BYTES, 0);
      if (this.#durable) {
        await file.datasync();
        await syncDir(this.#dir);
      }
      return { number, nonce, file };
    } catch (error) {
      await file?.close().catch(() => undefined);
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Ends a segment at `end`, so that its readers find its end where the file ends. */
  async seal(segment: ActiveSegment, end: number): Promise<void> {
    try {
      if ((await segment.file.stat()).size > end) {
        await segment.file.truncate(end);
        if (this.#durable) await segment.file.sync();
      }
    } finally {
      await segment.file.close();
    }
  }

  /** Deletes a sealed segment or, where `keep` allows, keeps its file to be used again. */
  async discard(number: number, keep: boolean): Promise<void> {
    const path = segmentPath(this.#dir, number);
    if (!keep || this.#spares.length >= this.#maxSpares) return rm(path, { force: true });
    const spare = sparePath(this.#dir, number);
    await rename(path, spare);
    this.#spares.push(spare);
  }

  async discardSpares(): Promise<void> {
    await Promise.all(this.#spares.splice(0).map((path) => rm(path, { force: true })));
  }

  #flags(more: number): number {
    return constants.O_RDWR | (this.#durable ? DSYNC : 0) | more;
  }
}

/** Makes the names in a folder durable. */
export async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
