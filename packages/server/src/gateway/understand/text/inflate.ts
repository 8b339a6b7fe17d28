import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  type InputType,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

type Inflate = (bytes: InputType, maxOutputLength: number) => Buffer;

/** What is cut off is inflated as far as it goes. */
const INFLATE: Readonly<Record<string, Inflate>> = {
  gzip: (bytes, maxOutputLength) =>
    gunzipSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: (bytes, maxOutputLength) =>
    inflateSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes, maxOutputLength) =>
    brotliDecompressSync(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: (bytes, maxOutputLength) =>
    zstdDecompressSync(bytes, { maxOutputLength, finishFlush: constants.ZSTD_e_flush }),
};

/** The encoding of a body by its header; undefined where it is sent as it is. */
export function encodingOf(header: string | undefined): string | undefined {
  const encoding = header?.trim().toLowerCase();
  return encoding === undefined || encoding === "" || encoding === "identity" ? undefined : encoding;
}

/** The bytes inflated, as far as they came; undefined when they are damaged, or more than `maxBytes` would come out. */
export function inflate(bytes: Buffer, encoding: string, maxBytes: number): Buffer | undefined {
  try {
    return INFLATE[encoding]?.(bytes, maxBytes);
  } catch {
    return undefined;
  }
}
