import { crc32 } from "node:zlib";
import type { Signal } from "@clew/protocol/signal";

/*
 * A record of the log, little-endian:
 *
 *   0  u32  MAGIC
 *   4  u32  length of the body
 *   8  u32  CRC-32 of the body
 *  12  u8   signal
 *  13  u8   0
 *  14  u48  when it was appended, milliseconds since the Unix epoch
 *  20  u32  CRC-32 of the 20 bytes before, started from the segment's nonce
 *  24       body
 *
 * The nonce keeps apart a segment's own records from those of a file's former life, and from bytes that a
 * sender made to look like a record.
 */
export const RECORD_HEADER_BYTES = 24;

const MAGIC = 0x30_63_65_52;
const CHECKED_BYTES = 20;

/** The first bytes of every record, to search for one behind damage. */
export const RECORD_MAGIC = Buffer.alloc(4);
RECORD_MAGIC.writeUInt32LE(MAGIC);

const CODES: Readonly<Record<Signal, number>> = { traces: 1, logs: 2, metrics: 3 };
const SIGNALS: readonly (Signal | undefined)[] = [undefined, "traces", "logs", "metrics"];

/** What a record's header says. */
export interface RecordHeader {
  length: number;
  bodyCrc: number;
  /** Undefined for a signal that a later version writes. */
  signal: Signal | undefined;
  appendedMs: number;
}

/** Writes the header of `body` at `at`. */
export function writeRecordHeader(
  target: Buffer,
  at: number,
  nonce: number,
  signal: Signal,
  body: Uint8Array,
  appendedMs: number,
): void {
  target.writeUInt32LE(MAGIC, at);
  target.writeUInt32LE(body.length, at + 4);
  target.writeUInt32LE(crc32(body), at + 8);
  target.writeUInt16LE(CODES[signal], at + 12);
  target.writeUIntLE(appendedMs, at + 14, 6);
  target.writeUInt32LE(crc32(target.subarray(at, at + CHECKED_BYTES), nonce), at + CHECKED_BYTES);
}

/** Reads the header at `at` into `into`; false when there is none, or one that is damaged. */
export function readRecordHeader(source: Buffer, at: number, nonce: number, into: RecordHeader): boolean {
  if (source.readUInt32LE(at) !== MAGIC) return false;
  const crc = crc32(source.subarray(at, at + CHECKED_BYTES), nonce);
  if (source.readUInt32LE(at + CHECKED_BYTES) !== crc) return false;
  into.length = source.readUInt32LE(at + 4);
  into.bodyCrc = source.readUInt32LE(at + 8);
  into.signal = SIGNALS[source.readUInt8(at + 12)];
  into.appendedMs = source.readUIntLE(at + 14, 6);
  return true;
}
