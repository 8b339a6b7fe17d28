/**
 * The engine process: chDB behind ClickHouse's HTTP interface. Started by `supervisor.ts`, which sends one
 * `StartEngine` message; it lives as long as the channel to its parent does. chDB is used on the main
 * thread only, and needs `UV_THREADPOOL_SIZE` above the number of sessions.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { connectionArgs } from "./engine-settings.ts";
import { httpInterface } from "./http-interface.ts";
import { type EngineStarted, type Listen, type StartEngine, spoolDirOf } from "./messages.ts";
import { SessionPool } from "./session-pool.ts";

/** How long statements under way may go on after the process was told to end. */
const GRACE_MS = 3000;

let server: Server | undefined;
let pool: SessionPool | undefined;
let socket: string | undefined;
let ending = false;

process.umask(0o077);
process.once("message", (message) => {
  start(message as StartEngine).catch((error: unknown) => {
    report({ reason: isLocked(error) ? "locked" : "failed", message: String((error as Error).message) });
    end(1);
  });
});
process.on("disconnect", () => end(0));
process.on("SIGTERM", () => end(0));
// A terminal sends Ctrl-C to the whole group; the parent decides when the engine ends.
process.on("SIGINT", () => undefined);

async function start(options: StartEngine): Promise<void> {
  const spoolDir = spoolDirOf(options.dataDir);
  mkdirSync(options.dataDir, { recursive: true });
  pool = new SessionPool({
    dataDir: join(options.dataDir, "engine"),
    connectionArgs: connectionArgs(totalmem()),
    readers: options.readers,
    waiting: 256,
  });
  // Only now are the data ours alone.
  rmSync(spoolDir, { recursive: true, force: true });
  mkdirSync(spoolDir, { recursive: true });
  await pool.ping();
  server = httpInterface({
    pool,
    spoolDir,
    limits: { maxExecutionTimeS: options.maxExecutionTimeS, maxMemoryBytes: options.maxMemoryBytes },
    ...(options.credentials && { credentials: options.credentials }),
  });
  report({ listen: await listen(server, options.listen) });
}

async function listen(at: Server, where: Listen): Promise<Listen> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  at.once("error", reject);
  if ("socket" in where) {
    mkdirSync(dirname(where.socket), { recursive: true, mode: 0o700 });
    rmSync(where.socket, { force: true });
    socket = where.socket;
    at.listen(where.socket, resolve);
    await promise;
    chmodSync(where.socket, 0o600);
    return where;
  }
  at.listen(where.port, where.host, resolve);
  await promise;
  const address = at.address();
  return {
    host: where.host,
    port: typeof address === "object" && address !== null ? address.port : where.port,
  };
}

function report(message: EngineStarted): void {
  if (process.connected) process.send?.(message);
}

function isLocked(error: unknown): boolean {
  return /already running|Cannot lock file/i.test(String((error as Error).message));
}

/** Ends the process, at the latest after twice the grace and a second. */
function end(code: number): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), 2 * GRACE_MS + 1000).unref();
  server?.close();
  const closing = pool?.close(GRACE_MS) ?? Promise.resolve();
  void closing.finally(() => {
    server?.closeAllConnections();
    if (socket !== undefined) rmSync(socket, { force: true });
    process.exit(code);
  });
}
