import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { ExportFormat } from "@clew/protocol/api/requests";
import { ROUTES } from "@clew/protocol/api/routes";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import type { Context, Hono } from "hono";
import { exportDocument } from "../../query/export-document.ts";
import { takesGzip } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { RequestTimeout, TooManyExports } from "../http-errors.ts";
import { choice, moment, readParameters, texts } from "../parameters.ts";
import { Places } from "../places.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const BY_TIME = { from: moment(), to: moment(), format: choice("json", "protobuf", "jsonl") };
const BY_TRACE = { trace: texts(), ...BY_TIME };

const CONTENT_TYPES = {
  json: "application/json",
  protobuf: "application/x-protobuf",
  jsonl: "application/x-ndjson",
} as const;

/**
 * An export holds one of the store's six readers for as long as its client takes, and needs another one on the way. With
 * six of them each would wait for the others, and every other question with them.
 */
const EXPORTS_AT_ONCE = 3;

const EXTENSIONS = { json: "json", protobuf: "pb", jsonl: "jsonl" } as const;

export function exportRoutes(app: Hono<ApiEnv>, { queries, log }: ApiOptions, signals: RequestSignals): void {
  const { closing } = signals;
  const places = new Places(EXPORTS_AT_ONCE);
  const takePlace = (context: Context) =>
    whileWanted(context, signals, (signal) => places.take(signal)).catch((error: unknown) => {
      throw error instanceof RequestTimeout ? new TooManyExports({ cause: error }) : error;
    });
  const download = async <S extends Signal>(
    context: Context,
    name: S,
    format: ExportFormat,
    pieces: (signal: AbortSignal) => AsyncGenerator<OtlpData[S]>,
  ) => {
    const left = new AbortController();
    const signal = AbortSignal.any([context.req.raw.signal, closing, left.signal]);
    const giveBack = await takePlace(context);
    const bytes = await begun(pieces(signal), (all) => exportDocument(name, format, all)).catch(
      (error: unknown) => {
        giveBack();
        throw error;
      },
    );
    context.header("Content-Type", CONTENT_TYPES[format]);
    context.header("Content-Disposition", `attachment; filename="${name}.${EXTENSIONS[format]}"`);
    context.header("Cache-Control", "no-store");
    context.header("Vary", "Accept-Encoding", { append: true });
    const source = Readable.from(bytes);
    source.on("error", (error) => {
      if (!signal.aborted) log.error({ err: error, path: context.req.path }, "export broke off");
    });
    source.on("close", () => {
      left.abort();
      giveBack();
    });
    if (!takesGzip(context)) return context.body(Readable.toWeb(source) as ReadableStream);
    context.header("Content-Encoding", "gzip");
    const compressed = source.compose(createGzip({ level: 3 })) as Readable;
    return context.body(Readable.toWeb(compressed) as ReadableStream);
  };
  const byTrace = (context: Context) => {
    const {
      trace,
      from,
      to,
      format = "json",
    } = readParameters(BY_TRACE, new URL(context.req.url).searchParams);
    return { format, selection: { ...(trace && { traces: trace }), ...bounds(from, to) } };
  };
  app.get(ROUTES.exportTraces, (context) => {
    const { format, selection } = byTrace(context);
    return download(context, "traces", format, (signal) => queries.exportTraces({ ...selection, signal }));
  });
  app.get(ROUTES.exportLogs, (context) => {
    const { format, selection } = byTrace(context);
    return download(context, "logs", format, (signal) => queries.exportLogs({ ...selection, signal }));
  });
  app.get(ROUTES.exportMetrics, (context) => {
    const { from, to, format = "json" } = readParameters(BY_TIME, new URL(context.req.url).searchParams);
    return download(context, "metrics", format, (signal) =>
      queries.exportMetrics({ ...bounds(from, to), signal }),
    );
  });
}

function bounds(fromNs: bigint | undefined, toNs: bigint | undefined) {
  return { ...(fromNs !== undefined && { fromNs }), ...(toNs !== undefined && { toNs }) };
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
