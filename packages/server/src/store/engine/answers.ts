import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { engineError } from "./engine-error.ts";
import type { EngineRequest } from "./request.ts";
import type { EngineSession } from "./session.ts";
import type { SessionPool } from "./session-pool.ts";
import { quote, type Statement } from "./sql-text.ts";

/** Runs a statement to its end and answers with its result: status and summary are then the statement's. */
export async function sendWhole(
  session: EngineSession,
  sql: string,
  query: EngineRequest,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const { bytes, rowsRead } = await session.execute(sql, query.format);
  const elapsed = String(Math.round((performance.now() - started) * 1e6));
  const summary = { read_rows: String(rowsRead), result_bytes: String(bytes.length), elapsed_ns: elapsed };
  response.setHeader("X-ClickHouse-Summary", JSON.stringify(summary));
  bodyOf(query, response).end(bytes);
}

/**
 * Answers with a result as it comes, no faster than the caller reads. Nothing is sent before the first piece
 * is there: a statement that fails at once still gets its status.
 */
export async function sendStream(
  session: EngineSession,
  query: EngineRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const tag = randomUUID().slice(0, 8);
  let body: Writable | undefined;
  try {
    for await (const piece of session.stream(query.sql, query.format)) {
      if (signal.aborted) return;
      if (body === undefined) {
        response.setHeader("X-ClickHouse-Exception-Tag", tag);
        body = bodyOf(query, response);
      }
      if (!body.write(piece)) await once(body, "drain", { signal }).catch(() => undefined);
    }
    (body ?? bodyOf(query, response)).end();
  } catch (error) {
    if (body === undefined) throw error;
    // ClickHouse's way to report a failure after the status has gone out.
    const text = `${engineError(error).message}\n`;
    const size = Buffer.byteLength(text);
    body.end(`\r\n__exception__\r\n${tag}\r\n${text}${size} ${tag}\r\n__exception__\r\n`);
  }
}

/** Takes the rows in a request's body into a table: the engine reads them from a file, whole or not at all. */
export async function insertBody(
  engine: { readonly pool: SessionPool; readonly spoolDir: string },
  query: EngineRequest,
  insertFormat: NonNullable<Statement["insertFormat"]>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const file = join(engine.spoolDir, `${randomUUID()}.rows`);
  const head = query.sql.slice(0, insertFormat.start);
  const sql = `${head} FROM INFILE ${quote(file)} FORMAT ${insertFormat.name}`;
  try {
    await pipeline(query.body!, createWriteStream(file, { highWaterMark: 1024 * 1024 }), { signal });
    await engine.pool.run("write", signal, async (session) => {
      await session.prepare(query.context);
      signal.throwIfAborted();
      await sendWhole(session, sql, query, response);
    });
  } finally {
    await rm(file, { force: true });
  }
}

function bodyOf(query: EngineRequest, response: ServerResponse): Writable {
  if (!query.gzip) return response;
  response.setHeader("Content-Encoding", "gzip");
  const gzip = createGzip();
  gzip.pipe(response);
  return gzip;
}
