import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineStarted, Listen, StartEngine } from "./engine/messages.ts";
import type { StoreState } from "./store.ts";
import { EngineNotStarted, StoreLocked } from "./store-errors.ts";

/** What happens to the engine process, for the log. */
export interface StoreLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface SupervisorOptions {
  readonly dataDir: string;
  readonly log: StoreLog;
  /** Where the engine answers; by default a private Unix socket. */
  readonly listen?: Listen;
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly readers?: number;
  readonly maxExecutionTimeS?: number;
  readonly maxMemoryBytes?: number;
}

/** Longest path a Unix socket may have everywhere, with room for the terminating NUL. */
const MAX_SOCKET_PATH = 100;
const START_TIMEOUT_MS = 60_000;
const MAX_BACKOFF_MS = 10_000;
/** An engine that lived this long counts as started, and the next restart is immediate. */
const SETTLED_MS = 10_000;

/** Keeps one engine process running on a data folder, and knows where it answers. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #listen: Listen;
  /** Folder made for the socket, removed at the end. */
  readonly #socketDir: string | undefined;
  #child: ChildProcess | undefined;
  #address: Listen | undefined;
  #state: StoreState = "starting";
  #ready = Promise.withResolvers<void>();
  #failures = 0;
  #lastError = "";
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    mkdirSync(options.dataDir, { recursive: true });
    const inside = join(options.dataDir, "run", "engine.sock");
    if (options.listen !== undefined) this.#listen = options.listen;
    else if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) this.#listen = { socket: inside };
    else {
      this.#socketDir = mkdtempSync(join(tmpdir(), "clew-"));
      this.#listen = { socket: join(this.#socketDir, "engine.sock") };
    }
    this.#ready.promise.catch(() => undefined);
  }

  /** Resolves when the engine answers; rejects with `StoreLocked` or `EngineNotStarted`. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    try {
      await supervisor.#launch();
    } catch (error) {
      await supervisor.close(0);
      throw error;
    }
    return supervisor;
  }

  get state(): StoreState {
    return this.#state;
  }

  /** The engine's process id while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Where the engine answers. */
  get address(): Listen {
    return this.#address ?? this.#listen;
  }

  /** Why the engine is not ready, for people; empty while it is. */
  get trouble(): string {
    return this.#lastError;
  }

  /** Resolves when the engine answers, at once if it does. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Ends the engine: SIGTERM, and SIGKILL when it is still there after `timeoutMs`. */
  async close(timeoutMs = 10_000): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#retry);
    this.#ready.reject(new EngineNotStarted("The store is closed"));
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      await gone;
      clearTimeout(timer);
    }
    if ("socket" in this.#listen) rmSync(this.#listen.socket, { force: true });
    if (this.#socketDir !== undefined) rmSync(this.#socketDir, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const child = fork(engineEntry(), [this.#options.dataDir], {
      execArgv: [],
      // biome-ignore lint/style/noProcessEnv: the engine's environment is ours, with threads for its sessions.
      env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    let said = "";
    const listen = (text: string) => {
      said = (said + text).slice(-2000);
    };
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    const { promise, resolve, reject } = Promise.withResolvers<Listen>();
    const timer = setTimeout(() => {
      reject(new EngineNotStarted(`The engine did not start within ${START_TIMEOUT_MS / 1000} s`));
      child.kill("SIGKILL");
    }, START_TIMEOUT_MS);
    child.once("error", (error) => reject(new EngineNotStarted(error.message, { cause: error })));
    child.once("message", (message: EngineStarted) => {
      if ("listen" in message) resolve(message.listen);
      else if (message.reason === "locked") reject(lockedBy(this.#options.dataDir));
      else reject(new EngineNotStarted(`The engine does not start: ${message.message}`));
    });
    const startedAt = performance.now();
    let ready = false;
    child.once("exit", (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      reject(new EngineNotStarted(`The engine ended while starting (${how}) ${said.trim()}`.trim()));
      if (ready) this.#onDeath(how, said.trim(), performance.now() - startedAt);
    });
    child.send(this.#startMessage());
    try {
      this.#address = await promise;
    } finally {
      clearTimeout(timer);
    }
    ready = true;
    if (this.#state === "closed") return;
    this.#state = "ready";
    this.#lastError = "";
    this.#ready.resolve();
  }

  #startMessage(): StartEngine {
    const { dataDir, credentials, readers, maxExecutionTimeS, maxMemoryBytes } = this.#options;
    return {
      dataDir,
      listen: this.#listen,
      readers: readers ?? 6,
      maxExecutionTimeS: maxExecutionTimeS ?? 30,
      maxMemoryBytes: maxMemoryBytes ?? 1024 * 1024 * 1024,
      ...(credentials && { credentials }),
    };
  }

  #onDeath(how: string, said: string, livedMs: number): void {
    if (this.#state === "closed") return;
    this.#state = "restarting";
    this.#ready = Promise.withResolvers<void>();
    this.#ready.promise.catch(() => undefined);
    this.#failures = livedMs > SETTLED_MS ? 0 : this.#failures + 1;
    this.#lastError = `The engine ended (${how})`;
    this.#options.log.warn({ how, said, livedMs: Math.round(livedMs) }, "engine ended, starting it again");
    this.#relaunch();
  }

  #relaunch(): void {
    // The first restart is immediate; an engine that keeps dying is started less and less often.
    const pauseMs = this.#failures < 2 ? 0 : Math.min(100 * 2 ** this.#failures, MAX_BACKOFF_MS);
    this.#retry = setTimeout(() => {
      if (this.#state === "closed") return;
      this.#launch().then(
        () => this.#options.log.info({ pid: this.pid }, "engine is back"),
        (error: Error) => {
          if (this.#state === "closed") return;
          this.#failures++;
          this.#lastError = error.message;
          this.#options.log.error({ reason: error.message }, "engine does not start");
          this.#relaunch();
        },
      );
    }, pauseMs);
  }
}

/** Beside this file, as TypeScript in a checkout and as JavaScript in a published package. */
function engineEntry(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./engine/main.${extension}`, import.meta.url));
}

function lockedBy(dataDir: string): StoreLocked {
  return new StoreLocked(`The data in ${dataDir} are in use by another process`);
}

export function socketFolder(listen: Listen): string | undefined {
  return "socket" in listen ? dirname(listen.socket) : undefined;
}
