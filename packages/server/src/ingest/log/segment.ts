import { randomInt } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/*
 * A segment file starts with 32 bytes, little-endian: 8 bytes of magic, u32 number of the segment, u32 nonce,
 * u32 CRC-32 of the 16 bytes before, zeros. Records follow. A file that is used again gets a new number and a
 * new nonce, and what it held before no longer counts.
 */
export const SEGMENT_HEADER_BYTES = 32;

const MAGIC = Buffer.from("CLEWLOG\u0001", "latin1");
const CHECKED_BYTES = 16;
const SEGMENT_NAME = /^(\d{10})\.log$/;
const SPARE_NAME = /^spare-\d{10}\.log$/;

export function segmentPath(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(10, "0")}.log`);
}

/** Where a released segment waits to be used again. */
export function sparePath(dir: string, segment: number): string {
  return join(dir, `spare-${String(segment).padStart(10, "0")}.log`);
}

/** Numbers of the segments in `dir`, ascending, and the paths of files kept to be used again. */
export async function listSegments(dir: string): Promise<{ segments: number[]; spares: string[] }> {
  const segments: number[] = [];
  const spares: string[] = [];
  for (const name of await readdir(dir)) {
    const number = SEGMENT_NAME.exec(name)?.[1];
    if (number !== undefined) segments.push(Number(number));
    else if (SPARE_NAME.test(name)) spares.push(join(dir, name));
  }
  return { segments: segments.sort((a, b) => a - b), spares };
}

/** A header for a new life of a file. */
export function newSegmentHeader(segment: number): { bytes: Buffer; nonce: number } {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const nonce = randomInt(1, 2 ** 32);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(segment, 8);
  bytes.writeUInt32LE(nonce, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  return { bytes, nonce };
}

/** `number` and `nonce` of an intact header; undefined for a short or damaged one. */
export async function readSegmentHeader(
  file: FileHandle,
): Promise<{ number: number; nonce: number } | undefined> {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, SEGMENT_HEADER_BYTES, 0);
  if (bytesRead < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (bytes.readUInt32LE(CHECKED_BYTES) !== crc32(bytes.subarray(0, CHECKED_BYTES))) return undefined;
  return { number: bytes.readUInt32LE(8), nonce: bytes.readUInt32LE(12) };
}
