const ENCODED = /(?:%[0-9a-fA-F]{2})+/g;
/** Everything but the `baggage-octet` of W3C Baggage; a pair of surrogates is one match. */
const NOT_OCTET = /[\ud800-\udbff][\udc00-\udfff]|[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/g;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that are no UTF-8 become U+FFFD; a `%` without two digits stays what it is, and so does `+`. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(ENCODED, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (digits) => Number.parseInt(digits, 16));
    return decoder.decode(bytes);
  });
}

/** `%` and what a baggage value must not contain, as UTF-8; nothing else, so that a decoded value never grows. */
export function encodePercent(text: string): string {
  return encodeForeign(text.replaceAll("%", "%25"));
}

/** As `encodePercent`, for text whose `%` are already those of an encoding. */
export function encodeForeign(text: string): string {
  return text.replace(NOT_OCTET, (characters) =>
    Array.from(
      encoder.encode(characters),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
}
