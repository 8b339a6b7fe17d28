import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { insertBody, sendStream, sendWhole } from "./answers.ts";
import { engineError, httpStatus, refusal } from "./engine-error.ts";
import { type Limits, readRequest } from "./request.ts";
import type { SessionPool } from "./session-pool.ts";
import { describeStatement } from "./sql-text.ts";

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
    // A session remembers parameters of earlier statements, which must not fill in.
    if (query.context.parameters.has(name)) continue;
    throw refusal(456, "UNKNOWN_QUERY_PARAMETER", `Substitution ${name} is not set`);
  }
  response.setHeader("X-ClickHouse-Query-Id", query.queryId || randomUUID());
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  response.setHeader("X-ClickHouse-Format", query.format);
  if (statement.insertFormat !== undefined && query.body !== undefined) {
    await insertBody(options, query, statement.insertFormat, response, signal);
    return;
  }
  await options.pool.run(statement.kind, signal, async (session) => {
    await session.prepare(query.context);
    signal.throwIfAborted();
    if (statement.streams && !query.buffered) await sendStream(session, query, response, signal);
    else await sendWhole(session, query.sql, query, response);
  });
}

function authenticate(request: IncomingMessage, options: HttpInterfaceOptions): void {
  if (options.credentials === undefined) return;
  const { user, password } = options.credentials;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
  if (timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) return;
  throw refusal(516, "AUTHENTICATION_FAILED", "Authentication failed: user or password is wrong");
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.writableEnded) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message } = engineError(error);
  response.statusCode = httpStatus(code);
  response.removeHeader("Content-Encoding");
  response.setHeader("X-ClickHouse-Exception-Code", String(code));
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.end(`${message}\n`);
}
