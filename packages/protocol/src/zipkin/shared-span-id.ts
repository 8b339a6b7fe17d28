import { bytesToHex } from "../ids.ts";

const OFFSET = 14695981039346656037n;
const PRIME = 1099511628211n;

/** Span id of a server that reports under its client's id: FNV-1a over what tells it apart, never zero. */
export function sharedSpanId(traceId: string, clientSpanId: string, serviceName: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(`${traceId}${clientSpanId}${serviceName}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, hash === 0n ? 1n : hash);
  return bytesToHex(bytes);
}
