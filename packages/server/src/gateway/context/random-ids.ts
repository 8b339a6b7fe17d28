import { randomFillSync } from "node:crypto";
import { bytesToHex } from "@clew/protocol/ids";

/** A call into the operating system's generator costs more than an id. */
const pool = new Uint8Array(8192);
let used = pool.length;

/** 32 lower-case hexadecimal digits, all random, not all zero. */
export function randomTraceId(): string {
  return randomHex(16);
}

/** 16 lower-case hexadecimal digits, all random, not all zero. */
export function randomSpanId(): string {
  return randomHex(8);
}

function randomHex(size: number): string {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = bytesToHex(pool, used, used + size);
  used += size;
  return /^0+$/.test(hex) ? randomHex(size) : hex;
}
