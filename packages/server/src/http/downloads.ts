import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { ExportFormat } from "@clew/protocol/api/requests";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import type { Context } from "hono";
import type { Logger } from "../log.ts";
import { exportDocument } from "../query/export-document.ts";
import { takesGzip } from "./answer-json.ts";
import { RequestTimeout, TooManyExports } from "./http-errors.ts";
import { Places } from "./places.ts";
import { type RequestSignals, whileWanted } from "./request-signal.ts";

/**
 * An export holds one of the store's six readers for as long as its client takes, and needs another one on the way. With
 * six of them each would wait for the others, and every other question with them.
 */
const AT_ONCE = 3;

const CONTENT_TYPES = {
  json: "application/json",
  protobuf: "application/x-protobuf",
  jsonl: "application/x-ndjson",
} as const;

const EXTENSIONS = { json: "json", protobuf: "pb", jsonl: "jsonl" } as const;

/** Answers with documents of any size, as fast as their clients read, a few at a time. */
export class Downloads {
  readonly #places = new Places(AT_ONCE);
  readonly #signals: RequestSignals;
  readonly #log: Logger;

  constructor(signals: RequestSignals, log: Logger) {
    this.#signals = signals;
    this.#log = log;
  }

  /** Rejects with what `pieces` throws before its first one, and with `TooManyExports`. */
  async answer<S extends Signal>(
    context: Context,
    signal: S,
    format: ExportFormat,
    pieces: (wanted: AbortSignal) => AsyncGenerator<OtlpData[S]>,
  ): Promise<Response> {
    // Nobody would read what is made for HEAD, and so it would never end.
    const isHead = context.req.method === "HEAD";
    const source = isHead
      ? undefined
      : await this.#begin(context, pieces, (all) => exportDocument(signal, format, all));
    context.header("Content-Type", CONTENT_TYPES[format]);
    context.header("Content-Disposition", `attachment; filename="${signal}.${EXTENSIONS[format]}"`);
    context.header("Cache-Control", "no-store");
    context.header("Vary", "Accept-Encoding", { append: true });
    if (source === undefined) return context.body(null);
    if (!takesGzip(context)) return context.body(Readable.toWeb(source) as ReadableStream);
    context.header("Content-Encoding", "gzip");
    const compressed = source.compose(createGzip({ level: 3 })) as Readable;
    return context.body(Readable.toWeb(compressed) as ReadableStream);
  }

  /** The bytes, when the first are there; the place is given back when the last were read or nobody wants them. */
  async #begin<Piece>(
    context: Context,
    pieces: (wanted: AbortSignal) => AsyncGenerator<Piece>,
    write: (all: AsyncIterable<Piece>) => AsyncGenerator<Uint8Array>,
  ): Promise<Readable> {
    const giveBack = await this.#place(context);
    const left = new AbortController();
    const wanted = AbortSignal.any([context.req.raw.signal, this.#signals.closing, left.signal]);
    const bytes = await begun(pieces(wanted), write).catch((error: unknown) => {
      giveBack();
      throw error;
    });
    const source = Readable.from(bytes);
    source.on("error", (error) => {
      if (!wanted.aborted) this.#log.error({ err: error, path: context.req.path }, "export broke off");
    });
    source.on("close", () => {
      left.abort();
      giveBack();
    });
    return source;
  }

  async #place(context: Context): Promise<() => void> {
    try {
      return await whileWanted(context, this.#signals, (signal) => this.#places.take(signal));
    } catch (error) {
      throw error instanceof RequestTimeout ? new TooManyExports({ cause: error }) : error;
    }
  }
}

/** Waits for the first piece, so that an error that comes before it is an answer with a status. */
async function begun<Piece, Bytes>(
  pieces: AsyncGenerator<Piece>,
  write: (all: AsyncIterable<Piece>) => AsyncGenerator<Bytes>,
): Promise<AsyncGenerator<Bytes>> {
  const first = await pieces.next();
  async function* all(): AsyncGenerator<Piece> {
    try {
      if (first.done) return;
      yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  }
  return write(all());
}
