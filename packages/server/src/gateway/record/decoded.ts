import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { RecordedChunk } from "./recorder.ts";

const MAX_DECODED_BYTES = 64 * 1024 * 1024;

const DECODERS: Readonly<
  Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer>
> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/**
 * What a person can read: the chunks themselves, or where they were compressed one chunk with all of them. Undefined
 * where they can't be decompressed.
 */
export function decoded(
  chunks: readonly RecordedChunk[],
  encoding: string | undefined,
): readonly RecordedChunk[] | undefined {
  if (encoding === undefined || encoding === "" || encoding === "identity") return chunks;
  try {
    const bytes = DECODERS[encoding.toLowerCase()]?.(Buffer.concat(chunks.map((chunk) => chunk.bytes)), {
      maxOutputLength: MAX_DECODED_BYTES,
    });
    return bytes && [{ afterMs: chunks.at(-1)?.afterMs ?? 0, bytes }];
  } catch {
    return undefined;
  }
}
