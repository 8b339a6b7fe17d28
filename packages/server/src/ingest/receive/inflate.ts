import type { InputType } from "node:zlib";
import zlib from "node:zlib";
import { BodyTooLarge, UnreadableBody, UnsupportedBody } from "../errors.ts";

/** Names of the compressions that are understood, best known first. */
export const ENCODINGS = ["gzip", "zstd", "deflate"] as const;

interface Options {
  maxOutputLength: number;
  chunkSize: number;
}

interface Codec {
  sync(input: InputType, options: Options): Buffer;
  async(input: InputType, options: Options, done: (error: Error | null, output: Buffer) => void): void;
}

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ["gzip", { sync: zlib.gunzipSync, async: zlib.gunzip }],
  ["x-gzip", { sync: zlib.gunzipSync, async: zlib.gunzip }],
  ["deflate", { sync: zlib.inflateSync, async: zlib.inflate }],
  ["zstd", { sync: zlib.zstdDecompressSync, async: zlib.zstdDecompress }],
]);

/** Output up to which inflating at once is cheaper than a trip to another thread. */
const SYNC_BYTES = 256 * 1024;

/** Whether `inflate` knows the encoding; `identity` and the empty one are not its business. */
export function canInflate(encoding: string): boolean {
  return CODECS.has(encoding);
}

/** Large bodies inflated at a time: each may hold a body's limit, and a thread that the log also needs. */
const LARGE_AT_ONCE = 2;

/** Undoes compression, with one limit on the output and another on how many large bodies are in work. */
export class Inflater {
  readonly #maxBytes: number;
  #inWork = 0;
  readonly #waiting: (() => void)[] = [];

  /** `maxBytes` is the most that a body may inflate to. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The body without its compression. Small ones are inflated at once, large ones beside the event loop; either
   * way it stops at the limit with `BodyTooLarge`. Throws or rejects with `UnreadableBody` for what doesn't
   * inflate.
   */
  inflate(body: Buffer, encoding: string): Buffer | Promise<Buffer> {
    const codec = CODECS.get(encoding);
    if (codec === undefined) throw new UnsupportedBody(`The encoding ${encoding} is not understood`);
    // Spans shrink to about a fifth; what swells to more goes on in the background.
    const syncBytes = Math.min(this.#maxBytes, SYNC_BYTES);
    if (body.length <= SYNC_BYTES / 4) {
      try {
        const chunkSize = outputGuess(body, encoding, syncBytes);
        return codec.sync(body, { maxOutputLength: syncBytes, chunkSize });
      } catch (error) {
        if (!isTooLarge(error)) throw unreadable(error, encoding);
        if (syncBytes === this.#maxBytes) throw this.#tooLarge(error);
      }
    }
    return this.#inBackground(body, encoding, codec);
  }

  #tooLarge(cause: unknown): BodyTooLarge {
    return new BodyTooLarge(this.#maxBytes, true, { cause });
  }

  async #inBackground(body: Buffer, encoding: string, codec: Codec): Promise<Buffer> {
    if (this.#inWork >= LARGE_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inWork++;
    try {
      return await new Promise((resolve, reject) => {
        codec.async(body, { maxOutputLength: this.#maxBytes, chunkSize: SYNC_BYTES }, (error, output) => {
          if (error === null) resolve(output);
          else reject(isTooLarge(error) ? this.#tooLarge(error) : unreadable(error, encoding));
        });
      });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inWork--;
      else next();
    }
  }
}

/** One byte more than gzip's trailer promises, so that one buffer holds it all; zlib's least is 64. */
function outputGuess(body: Buffer, encoding: string, maxBytes: number): number {
  if (!encoding.endsWith("gzip") || body.length < 18) return Math.min(16 * 1024, maxBytes);
  return Math.min(Math.max(body.readUInt32LE(body.length - 4) + 1, 64), maxBytes + 1);
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
}

function unreadable(error: unknown, encoding: string): UnreadableBody {
  const reason = error instanceof Error ? error.message : String(error);
  return new UnreadableBody(`The body is not what its encoding ${encoding} says: ${reason}`, {
    cause: error,
  });
}
