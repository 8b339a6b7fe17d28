import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { engineError, httpStatus, refusal } from "./engine-error.ts";
import { type EngineRequest, type Limits, readRequest } from "./request.ts";
import type { EngineSession } from "./session.ts";
import type { SessionPool } from "./session-pool.ts";
import { describeStatement, quote } from "./sql-text.ts";

export interface HttpInterfaceOptions {
  readonly pool: SessionPool;
  /** Rows on their way into a table lie here; the folder exists. */
  readonly spoolDir: string;
  readonly limits: Limits;
  /** Required of every caller where set. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** The part of ClickHouse's HTTP interface that `@clickhouse/client` uses. */
export function httpInterface(options: HttpInterfaceOptions): Server {
  const server = createServer({ maxHeaderSize: 1024 * 1024, keepAliveTimeout: 60_000, requestTimeout: 0 });
  server.on("request", (request, response) => {
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort(refusal(394, "QUERY_WAS_CANCELLED", "The caller has left"));
    });
    answer(request, response, options, gone.signal).catch((error) => fail(response, error));
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpInterfaceOptions,
  signal: AbortSignal,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (path === "/ping") {
    await options.pool.ping();
    response.end("Ok.\n");
    return;
  }
  authenticate(request, options);
  if (path !== "/") throw refusal(60, "UNKNOWN_TABLE", `There is nothing at ${path}`);
  const query = await readRequest(request, options.limits);
  const statement = describeStatement(query.sql);
  if (statement.multiple) throw refusal(62, "SYNTAX_ERROR", "Multi-statements are not allowed");
  for (const name of statement.parameters) {
    if (query.context.parameters.has(name)) continue;
    throw refusal(456, "UNKNOWN_QUERY_PARAMETER", `Substitution ${name} is not set`);
  }
  response.setHeader("X-ClickHouse-Query-Id", query.queryId || randomUUID());
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  response.setHeader("X-ClickHouse-Format", query.format);
  if (statement.insertFormat !== undefined && query.body !== undefined) {
    const head = query.sql.slice(0, statement.insertFormat.start);
    await insert(query, head, statement.insertFormat.name, query.body, response, options, signal);
    return;
  }
  await options.pool.run(statement.kind, signal, async (session) => {
    await session.prepare(query.context);
    signal.throwIfAborted();
    if (statement.streams && !query.buffered) await sendStream(session, query, request, response, signal);
    else await sendWhole(session, query.sql, query.format, response);
  });
}

function authenticate(request: IncomingMessage, options: HttpInterfaceOptions): void {
  if (options.credentials === undefined) return;
  const { user, password } = options.credentials;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
  if (timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) return;
  throw refusal(516, "AUTHENTICATION_FAILED", `${user}: Authentication failed: password is incorrect`);
}

async function insert(
  query: EngineRequest,
  head: string,
  format: string,
  body: Readable,
  response: ServerResponse,
  options: HttpInterfaceOptions,
  signal: AbortSignal,
): Promise<void> {
  const file = join(options.spoolDir, `${randomUUID()}.rows`);
  try {
    await pipeline(body, createWriteStream(file, { mode: 0o600, highWaterMark: 1024 * 1024 }), { signal });
    await options.pool.run("write", signal, async (session) => {
      await session.prepare(query.context);
      signal.throwIfAborted();
      await sendWhole(session, `${head} FROM INFILE ${quote(file)} FORMAT ${format}`, "Null", response);
    });
  } finally {
    await rm(file, { force: true });
  }
}

async function sendWhole(
  session: EngineSession,
  sql: string,
  format: string,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const { bytes, rowsRead } = await session.execute(sql, format);
  const elapsed = String(Math.round((performance.now() - started) * 1e6));
  const summary = { read_rows: String(rowsRead), result_bytes: String(bytes.length), elapsed_ns: elapsed };
  response.setHeader("X-ClickHouse-Summary", JSON.stringify(summary));
  response.end(bytes);
}

async function sendStream(
  session: EngineSession,
  query: EngineRequest,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const tag = randomUUID().replaceAll("-", "").slice(0, 16);
  const gzip =
    /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? "")) &&
    new URL(request.url ?? "/", "http://engine").searchParams.get("enable_http_compression") === "1";
  const stream = session.stream(query.sql, query.format);
  const out = gzip ? createGzip() : response;
  try {
    // The first piece decides the status: until then nothing is sent.
    let begun = false;
    for await (const piece of stream) {
      if (signal.aborted) break;
      if (!begun) {
        begun = true;
        response.setHeader("X-ClickHouse-Exception-Tag", tag);
        if (gzip) {
          response.setHeader("Content-Encoding", "gzip");
          out.pipe(response);
        }
      }
      if (!out.write(piece.raw())) await once(out, "drain", { signal }).catch(() => undefined);
    }
    if (signal.aborted) return;
    if (gzip && !begun) response.end();
    else out.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    // ClickHouse's way to report a failure after the status has gone out.
    const { message } = engineError(error);
    const text = `${message}\n`;
    out.end(`\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`);
  } finally {
    stream.cancel();
  }
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.writableEnded) return;
  const { code, message } = engineError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = httpStatus(code);
  response.removeHeader("Content-Encoding");
  response.setHeader("X-ClickHouse-Exception-Code", String(code));
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.end(`${message}\n`);
}
