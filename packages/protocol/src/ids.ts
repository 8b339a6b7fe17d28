declare const brand: unique symbol;

/** 32 hexadecimal digits that are not all zero, as W3C Trace Context and OTLP define it. */
export type TraceId = string & { readonly [brand]: "TraceId" };

/** 16 hexadecimal digits that are not all zero. */
export type SpanId = string & { readonly [brand]: "SpanId" };

const DIGITS = "0123456789abcdef";

/** Character codes of the two digits of every byte. */
const PAIRS = new Uint8Array(512);
/** Value of every ASCII digit; 255 for what is no hexadecimal digit. */
const VALUES = new Uint8Array(128).fill(255);

for (let byte = 0; byte < 256; byte += 1) {
  PAIRS[byte * 2] = DIGITS.charCodeAt(byte >> 4);
  PAIRS[byte * 2 + 1] = DIGITS.charCodeAt(byte & 15);
}
for (let value = 0; value < 16; value += 1) {
  VALUES[DIGITS.charCodeAt(value)] = value;
  VALUES[DIGITS.toUpperCase().charCodeAt(value)] = value;
}

/** More arguments at once than this are slower, and far more overflow the stack. */
const CODES_AT_ONCE = 2048;

/** Lower-case hex of `bytes[start, end)`. */
export function bytesToHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  for (let from = start; from < end; from += CODES_AT_ONCE / 2) {
    const codes: number[] = [];
    for (let index = from; index < Math.min(end, from + CODES_AT_ONCE / 2); index += 1) {
      const pair = bytes[index]! * 2;
      codes.push(PAIRS[pair]!, PAIRS[pair + 1]!);
    }
    text += String.fromCharCode.apply(null, codes);
  }
  return text;
}

/** Writes the bytes of `hex` (either case) at `at` and says whether it could; on false the target is undefined. */
export function writeHex(hex: string, target: Uint8Array, at: number): boolean {
  let wrong = hex.length & 1;
  for (let index = 0; index + 1 < hex.length; index += 2) {
    const high = VALUES[hex.charCodeAt(index)] ?? 255;
    const low = VALUES[hex.charCodeAt(index + 1)] ?? 255;
    wrong |= (high | low) & 128;
    target[at + (index >> 1)] = (high << 4) | low;
  }
  return wrong === 0;
}

/** Bytes of hex of either case and any length; undefined when a digit is missing or none. */
export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(hex.length >> 1);
  return writeHex(hex, bytes, 0) ? bytes : undefined;
}

/** Accepts either case; what Clew writes is lower case. */
export function isTraceId(text: string): text is TraceId {
  return text.length === 32 && isNonZeroHex(text);
}

/** Accepts either case; what Clew writes is lower case. */
export function isSpanId(text: string): text is SpanId {
  return text.length === 16 && isNonZeroHex(text);
}

function isNonZeroHex(text: string): boolean {
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = VALUES[text.charCodeAt(index)] ?? 255;
    if (value === 255) return false;
    seen |= value;
  }
  return seen !== 0;
}
