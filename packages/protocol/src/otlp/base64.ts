const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Value of every ASCII character of both alphabets; 255 for what is in neither. */
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value += 1) VALUES[STANDARD.charCodeAt(value)] = value;
VALUES["-".charCodeAt(0)] = 62;
VALUES["_".charCodeAt(0)] = 63;

/** More arguments at once than this are slower, and far more overflow the stack. */
const BYTES_AT_ONCE = 3 * 512;

/** Standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  for (let from = start; from < end; from += BYTES_AT_ONCE) {
    text += encodePiece(bytes, from, Math.min(end, from + BYTES_AT_ONCE));
  }
  return text;
}

function encodePiece(bytes: Uint8Array, start: number, end: number): string {
  const codes: number[] = [];
  for (let index = start; index < end; index += 3) {
    const left = end - index;
    const triple =
      (bytes[index]! << 16) | ((left > 1 ? bytes[index + 1]! : 0) << 8) | (left > 2 ? bytes[index + 2]! : 0);
    codes.push(
      STANDARD.charCodeAt(triple >> 18),
      STANDARD.charCodeAt((triple >> 12) & 63),
      left > 1 ? STANDARD.charCodeAt((triple >> 6) & 63) : 61,
      left > 2 ? STANDARD.charCodeAt(triple & 63) : 61,
    );
  }
  return String.fromCharCode.apply(null, codes);
}

/** Takes the standard and the URL alphabet, padded or not; undefined for any other text. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  let length = text.length;
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === 61) length -= 1;
  const padded = length < text.length;
  if (length % 4 === 1 || (padded && text.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let index = 0; index < length; index += 1) {
    const value = VALUES[text.charCodeAt(index)] ?? 255;
    if (value === 255) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = held >> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}
