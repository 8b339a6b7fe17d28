/**
 * The engine process: chDB behind ClickHouse's HTTP interface. Started by `supervisor.ts`, which sends one
 * `StartEngine` message; it lives as long as the channel to its parent does. chDB is used on the main
 * thread only, and needs `UV_THREADPOOL_SIZE` above the number of sessions.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { connectionArgs } from "./engine-settings.ts";
import { type EngineStarted, type Listen, type StartEngine, spoolDirOf } from "./messages.ts";
import type { SessionPool } from "./session-pool.ts";

/** How long statements under way may go on after the process was told to end. */
const GRACE_MS = 3000;
/** A spooled file this old belongs to a process that is gone. */
const STALE_SPOOL_MS = 10 * 60_000;

let server: Server | undefined;
let pool: SessionPool | undefined;
let socket: string | undefined;
let ending = false;

process.umask(0o077);
process.once("message", (message) => {
  start(message as StartEngine).catch((error: unknown) => {
    say({ message: String((error as Error).message) });
    end(1, 0);
  });
});
// Without a parent nobody reads an answer, and the next one waits for the data.
process.on("disconnect", () => end(0, 0));
process.on("SIGTERM", () => end(0, GRACE_MS));
// A terminal sends Ctrl-C to the whole group; the parent decides when the engine ends.
process.on("SIGINT", () => undefined);

async function start(options: StartEngine): Promise<void> {
  mkdirSync(options.dataDir, { recursive: true });
  await import("chdb").catch((error: Error) => {
    const platform = `${process.platform}-${process.arch}`;
    throw new Error(`no embedded database for ${platform}, use --store clickhouse://HOST (${error.message})`);
  });
  const { SessionPool } = await import("./session-pool.ts");
  const { httpInterface } = await import("./http-interface.ts");
  pool = new SessionPool({
    dataDir: join(options.dataDir, "engine"),
    connectionArgs: connectionArgs(machineBytes()),
    readers: options.readers,
    waiting: 256,
  });
  await pool.ping();
  server = httpInterface({
    pool,
    spoolDir: emptySpool(options.dataDir),
    limits: { maxExecutionTimeS: options.maxExecutionTimeS, maxMemoryBytes: options.maxMemoryBytes },
    ...(options.credentials && { credentials: options.credentials }),
  });
  say({ listen: await listen(server, options.listen) });
}

/** What a container may use, where that is less than the machine has. */
function machineBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

function emptySpool(dataDir: string): string {
  const spoolDir = spoolDirOf(dataDir);
  mkdirSync(spoolDir, { recursive: true });
  for (const name of readdirSync(spoolDir)) {
    const file = join(spoolDir, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > STALE_SPOOL_MS) rmSync(file, { recursive: true, force: true });
  }
  return spoolDir;
}

async function listen(at: Server, where: Listen): Promise<Listen> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  at.once("error", reject);
  if ("socket" in where) {
    mkdirSync(dirname(where.socket), { recursive: true });
    chmodSync(dirname(where.socket), 0o700);
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

function say(message: EngineStarted): void {
  if (process.connected) process.send?.(message);
}

/** Ends the process, soon after `graceMs` whatever the engine does. */
function end(code: number, graceMs: number): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs + 3000).unref();
  server?.close();
  const closing = pool?.close(graceMs) ?? Promise.resolve();
  void closing.finally(() => {
    server?.closeAllConnections();
    if (socket !== undefined) rmSync(socket, { force: true });
    process.exit(code);
  });
}
