import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { refusal } from "./engine-error.ts";
import type { Context } from "./session.ts";

/** Longest statement, with its parameters, in bytes. */
const MAX_STATEMENT_BYTES = 64 * 1024 * 1024;

/** What every statement runs under unless its request says otherwise. */
export interface Limits {
  readonly maxExecutionTimeS: number;
  readonly maxMemoryBytes: number;
}

/** A request of ClickHouse's HTTP interface, read as far as the statement; rows of an INSERT are not. */
export interface EngineRequest {
  readonly sql: string;
  readonly queryId: string;
  readonly context: Context;
  readonly format: string;
  /** The answer is held back until the statement has ended, so that its status is the statement's. */
  readonly buffered: boolean;
  /** The caller wants the answer compressed. */
  readonly gzip: boolean;
  /** What follows the statement: set when the statement came in the URL. */
  readonly body: Readable | undefined;
}

/** Parameters of a request that are no settings, and `log_comment`, by which sessions are told apart. */
const NOT_SETTINGS = new Set([
  "log_comment",
  "query",
  "query_id",
  "database",
  "default_format",
  "session_id",
  "session_timeout",
  "session_check",
  "role",
  "user",
  "password",
  "quota_key",
  "compress",
  "decompress",
  "buffer_size",
  "wait_end_of_query",
  "enable_http_compression",
  "send_progress_in_http_headers",
  "http_headers_progress_interval_ms",
  "cancel_http_readonly_queries_on_client_close",
]);

/** Reads a request; throws `EngineError` for what ClickHouse would refuse. */
export async function readRequest(request: IncomingMessage, limits: Limits): Promise<EngineRequest> {
  const url = new URL(request.url ?? "/", "http://engine");
  const fields = new Map(url.searchParams);
  const body = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
  const inUrl = fields.get("query");
  let sql = inUrl ?? "";
  if (inUrl === undefined) {
    const text = await readAll(body);
    const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(
      request.headers["content-type"] ?? "",
    );
    if (boundary === null) sql = text.toString("utf8");
    else for (const [name, value] of multipartFields(text, boundary[1]!)) fields.set(name, value);
    sql ||= fields.get("query") ?? "";
  }
  if (sql.trim() === "") throw refusal(62, "SYNTAX_ERROR", "Empty query");
  return {
    sql,
    queryId: fields.get("query_id") ?? "",
    context: readContext(fields, limits),
    format: fields.get("default_format") ?? "TabSeparated",
    buffered: fields.get("wait_end_of_query") === "1",
    gzip:
      fields.get("enable_http_compression") === "1" &&
      /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? "")),
    body: inUrl === undefined ? undefined : body,
  };
}

function readContext(fields: ReadonlyMap<string, string>, limits: Limits): Context {
  const settings = new Map([
    ["max_execution_time", String(limits.maxExecutionTimeS)],
    ["max_memory_usage", String(limits.maxMemoryBytes)],
  ]);
  const parameters = new Map<string, string>();
  for (const [name, value] of fields) {
    if (NOT_SETTINGS.has(name)) continue;
    if (!/^[a-z0-9_]+$/i.test(name)) {
      throw refusal(115, "UNKNOWN_SETTING", `Setting ${JSON.stringify(name)} is neither present nor allowed`);
    }
    if (name.startsWith("param_")) parameters.set(name.slice("param_".length), value);
    else if (!removesBound(name, value)) settings.set(name.toLowerCase(), value);
  }
  return { settings, parameters, database: fields.get("database") || "default" };
}

/** A statement may not take itself out of the bounds on time and memory: nothing else ends a runaway one. */
function removesBound(name: string, value: string): boolean {
  return (name === "max_execution_time" || name === "max_memory_usage") && !(Number(value) > 0);
}

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_STATEMENT_BYTES) throw refusal(62, "SYNTAX_ERROR", "Query is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The fields of a form as `@clickhouse/client` sends parameters that are too long for a URL. */
function* multipartFields(body: Buffer, boundary: string): Generator<[string, string]> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line end before it.
  let at = `--${boundary}`.length;
  while (body.subarray(at, at + 2).toString("latin1") === "\r\n") {
    const headEnd = body.indexOf("\r\n\r\n", at);
    const end = body.indexOf(delimiter, headEnd + 2);
    if (headEnd < 0 || end < 0) return;
    const name = /name="((?:[^"\\]|\\.)*)"/.exec(body.subarray(at, headEnd).toString("utf8"))?.[1];
    if (name !== undefined) yield [name, body.subarray(headEnd + 4, end).toString("utf8")];
    at = end + delimiter.length;
  }
}
