import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Signal } from "@clew/protocol/signal";
import { SLACK } from "../native/words.ts";
import type { Position } from "./position.ts";
import type { RecordHeader } from "./record.ts";
import { RECORD_HEADER_BYTES, RECORD_MAGIC, readRecordHeader } from "./record.ts";
import { listSegments, readSegmentHeader, SEGMENT_HEADER_BYTES, segmentPath } from "./segment.ts";

/** One request as it was appended. */
export interface LogRecord {
  readonly signal: Signal;
  /** Protobuf of `Export<Signal>ServiceRequest`; a view that holds until the next batch is asked for. */
  readonly body: Buffer;
  readonly position: Position;
  /** Where the record after this one starts. */
  readonly next: Position;
  /** Milliseconds since the Unix epoch, the same whenever the record is read. */
  readonly appendedMs: number;
}

/** Bytes of the log that can't be read; what was in them is lost. */
export interface LogDamage {
  readonly position: Position;
  readonly bytes: number;
  readonly reason: "bad record" | "bad segment" | "missing segment" | "unknown signal";
}

export interface LogBatch {
  readonly records: readonly LogRecord[];
  /** Where reading goes on after this batch. */
  readonly next: Position;
  /** What was skipped on the way; empty when the log is whole. */
  readonly damage: readonly LogDamage[];
}

export interface LogReaderOptions {
  readonly dir: string;
  /** How much is read at once, default 4 MiB; a larger record makes the buffer grow for as long as needed. */
  readonly batchBytes?: number;
}

interface OpenSegment {
  readonly number: number;
  readonly file: FileHandle;
  /** Undefined when the segment's header is damaged. */
  readonly nonce: number | undefined;
}

/**
 * Reads the log from any thread or process, while another appends to it. Files are read into one buffer that
 * the next batch overwrites. One `read` may be under way at a time.
 */
export class LogReader {
  readonly #dir: string;
  readonly #batchBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #open: OpenSegment | undefined;
  readonly #header: RecordHeader = { length: 0, bodyCrc: 0, signal: undefined, appendedMs: 0 };

  constructor(options: LogReaderOptions) {
    this.#dir = options.dir;
    this.#batchBytes = options.batchBytes ?? 4 * 1024 * 1024;
  }

  /**
   * Everything in `[from, to)`, a few MiB at a time. `from` and `to` must be positions that the log gave out;
   * `to` at most its committed end. Damage is skipped and reported, never thrown.
   */
  async *read(from: Position, to: Position): AsyncGenerator<LogBatch, void, undefined> {
    let at = from;
    while (at.segment < to.segment || (at.segment === to.segment && at.offset < to.offset)) {
      const segment = await this.#openSegment(at.segment);
      if (segment === undefined) {
        const next = await this.#nextSegment(at.segment, to);
        if (at.offset > 0) yield lost(at, next, "missing segment", 0);
        at = next;
        continue;
      }
      const size = (await segment.file.stat()).size;
      const end = at.segment === to.segment ? Math.min(to.offset, size) : size;
      if (segment.nonce === undefined) {
        const next = at.segment === to.segment ? to : { segment: at.segment + 1, offset: 0 };
        yield lost(at, next, "bad segment", end - at.offset);
        at = next;
        continue;
      }
      yield* this.#readSegment(segment, segment.nonce, Math.max(at.offset, SEGMENT_HEADER_BYTES), end);
      at = at.segment === to.segment ? to : await this.#nextSegment(at.segment, to);
    }
  }

  async close(): Promise<void> {
    await this.#open?.file.close();
    this.#open = undefined;
    this.#buffer = Buffer.alloc(0);
  }

  async *#readSegment(
    segment: OpenSegment,
    nonce: number,
    from: number,
    end: number,
  ): AsyncGenerator<LogBatch, void, undefined> {
    const header = this.#header;
    // The buffer holds the file's bytes [base, base + filled).
    let base = from;
    let filled = 0;
    let need = 0;
    let badFrom = -1;
    while (base < end) {
      const wanted = Math.min(Math.max(this.#batchBytes, need), end - base);
      filled = await this.#fill(segment.file, base, filled, wanted);
      const buffer = this.#buffer;
      const records: LogRecord[] = [];
      const damage: LogDamage[] = [];
      let pos = 0;
      need = 0;
      while (pos + RECORD_HEADER_BYTES <= filled) {
        const good =
          readRecordHeader(buffer, pos, nonce, header) &&
          base + pos + RECORD_HEADER_BYTES + header.length <= end;
        if (!good) {
          if (badFrom < 0) badFrom = base + pos;
          const found = buffer.subarray(0, filled).indexOf(RECORD_MAGIC, pos + 1);
          pos = found < 0 ? Math.max(pos + 1, filled - RECORD_MAGIC.length + 1) : found;
          continue;
        }
        const start = pos + RECORD_HEADER_BYTES;
        const next = start + header.length;
        if (next > filled) {
          need = next - pos;
          break;
        }
        const body = buffer.subarray(start, next);
        if (crc32(body) !== header.bodyCrc) {
          if (badFrom < 0) badFrom = base + pos;
          pos = next;
          continue;
        }
        const position = { segment: segment.number, offset: base + pos };
        if (badFrom >= 0) {
          damage.push(damaged(segment.number, badFrom, base + pos, "bad record"));
          badFrom = -1;
        }
        if (header.signal === undefined) {
          damage.push(damaged(segment.number, base + pos, base + next, "unknown signal"));
        } else {
          records.push({
            signal: header.signal,
            body,
            position,
            next: { segment: segment.number, offset: base + next },
            appendedMs: header.appendedMs,
          });
        }
        pos = next;
      }
      // Less than a header is left of the segment, so no record can follow.
      if (base + filled >= end && need === 0) {
        if (badFrom < 0 && pos < filled) badFrom = base + pos;
        pos = filled;
        if (badFrom >= 0) damage.push(damaged(segment.number, badFrom, end, "bad record"));
      }
      if (records.length > 0 || damage.length > 0) {
        yield { records, next: { segment: segment.number, offset: base + pos }, damage };
      }
      this.#buffer.copyWithin(0, pos, filled);
      base += pos;
      filled -= pos;
    }
  }

  /**
   * Makes the buffer hold `wanted` bytes from `base`, of which the first `filled` are there already. Behind them
   * is room, so that whoever reads a body in words need not copy it.
   */
  async #fill(file: FileHandle, base: number, filled: number, wanted: number): Promise<number> {
    const size = Math.max(wanted, this.#batchBytes) + SLACK;
    if (this.#buffer.length < wanted + SLACK || this.#buffer.length > size) {
      const buffer = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(buffer, 0, 0, filled);
      this.#buffer = buffer;
    }
    let have = filled;
    while (have < wanted) {
      const { bytesRead } = await file.read(this.#buffer, have, wanted - have, base + have);
      if (bytesRead === 0) throw new Error(`The log ends at ${base + have}, before its committed end`);
      have += bytesRead;
    }
    return have;
  }

  async #openSegment(number: number): Promise<OpenSegment | undefined> {
    if (this.#open?.number === number) return this.#open;
    await this.#open?.file.close();
    this.#open = undefined;
    let file: FileHandle;
    try {
      file = await open(segmentPath(this.#dir, number), "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const header = await readSegmentHeader(file);
    const nonce = header?.number === number ? header.nonce : undefined;
    this.#open = { number, file, nonce };
    return this.#open;
  }

  /** Start of the first segment after `segment`, or `to` when there is none before it. */
  async #nextSegment(segment: number, to: Position): Promise<Position> {
    const { segments } = await listSegments(this.#dir);
    const next = segments.find((number) => number > segment);
    return next === undefined || next > to.segment ? to : { segment: next, offset: 0 };
  }
}

function damaged(segment: number, from: number, to: number, reason: LogDamage["reason"]): LogDamage {
  return { position: { segment, offset: from }, bytes: to - from, reason };
}

function lost(at: Position, next: Position, reason: LogDamage["reason"], bytes: number): LogBatch {
  return { records: [], next, damage: [{ position: at, bytes, reason }] };
}
