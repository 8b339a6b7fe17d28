import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Listen } from "./engine/messages.ts";
import { type EngineProcess, startEngine } from "./engine-process.ts";
import { answersPing } from "./ping.ts";
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
  /** Milliseconds between two looks at the engine; one that does not answer for 15 of them is killed. */
  readonly tickMs?: number;
}

const READERS = 6;
const MAX_EXECUTION_TIME_S = 30;
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;

/** Longest path a Unix socket may have everywhere, with room for the terminating NUL. */
const MAX_SOCKET_PATH = 100;
/** An engine of a process that was just killed may need this long to let go of the data. */
const LOCKED_RETRY_MS = 2000;
const MAX_BACKOFF_MS = 10_000;
/** An engine that lived this long had started well: the next restart is immediate. */
const SETTLED_MS = 10_000;
const TICK_MS = 1000;
/** Ticks between two pings. */
const PING_EVERY = 5;
/** Ticks without an answer to a ping after which the engine counts as hung. */
const HUNG_AFTER = 15;

/** Keeps one engine process running on a data folder, and knows where it answers. */
export class Supervisor {
  /** Absolute path of the data. */
  readonly dataDir: string;
  readonly #options: SupervisorOptions;
  /** Folder made for the socket, removed at the end. */
  #socketDir: string | undefined;
  #address: Listen;
  #engine: EngineProcess | undefined;
  #state: StoreState = "starting";
  #failures = 0;
  #trouble = "";
  #retry: NodeJS.Timeout | undefined;
  readonly #tickMs: number;
  readonly #watch: NodeJS.Timeout;
  #ticks = 0;
  #unanswered = 0;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.dataDir = resolve(options.dataDir);
    this.#tickMs = options.tickMs ?? TICK_MS;
    this.#address = options.listen ?? this.#socket();
    this.#watch = setInterval(() => this.#tick(), this.#tickMs).unref();
  }

  /** Resolves when the engine answers; rejects with `StoreLocked` or `EngineNotStarted`. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    try {
      mkdirSync(options.dataDir, { recursive: true });
    } catch (error) {
      const message = `The data folder ${options.dataDir} cannot be made: ${(error as Error).message}`;
      throw new EngineNotStarted(message, { cause: error });
    }
    const supervisor = new Supervisor(options);
    const deadline = performance.now() + LOCKED_RETRY_MS;
    for (;;) {
      try {
        await supervisor.#launch();
        return supervisor;
      } catch (error) {
        if (error instanceof StoreLocked && performance.now() < deadline) continue;
        await supervisor.close();
        throw error;
      }
    }
  }

  get state(): StoreState {
    return this.#state;
  }

  /** The engine's process id while there is one. */
  get pid(): number | undefined {
    return this.#engine?.pid;
  }

  /** Where the engine answers. */
  get address(): Listen {
    return this.#address;
  }

  /** Why the engine is not ready, for people; empty while it is. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Ends the engine; one that does not end by itself is killed after `timeoutMs`. Idempotent. */
  async close(timeoutMs = 10_000): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    await this.#engine?.end(timeoutMs);
    if (this.#socketDir !== undefined) rmSync(this.#socketDir, { recursive: true, force: true });
  }

  #socket(): Listen {
    const inside = join(this.dataDir, "run", "engine.sock");
    if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) return { socket: inside };
    this.#socketDir = mkdtempSync(join(tmpdir(), "clew-"));
    return { socket: join(this.#socketDir, "engine.sock") };
  }

  async #launch(): Promise<void> {
    const { credentials } = this.#options;
    const engine = startEngine({
      dataDir: this.dataDir,
      listen: this.#address,
      readers: READERS,
      maxExecutionTimeS: MAX_EXECUTION_TIME_S,
      maxMemoryBytes: MAX_MEMORY_BYTES,
      ...(credentials && { credentials }),
    });
    this.#engine = engine;
    this.#address = await engine.started;
    if (this.#state === "closed") return;
    this.#state = "ready";
    this.#trouble = "";
    this.#unanswered = 0;
    const readyAt = performance.now();
    void engine.ended.then((how) => this.#onDeath(how, performance.now() - readyAt));
  }

  #onDeath(how: string, livedMs: number): void {
    if (this.#state === "closed") return;
    this.#state = "restarting";
    this.#failures = livedMs > SETTLED_MS ? 0 : this.#failures + 1;
    this.#trouble = `The engine ended (${how})`;
    this.#options.log.warn({ how, livedMs: Math.round(livedMs) }, "engine ended, starting it again");
    this.#relaunch();
  }

  #relaunch(): void {
    // An engine that keeps dying is started less and less often.
    const pauseMs = this.#failures < 2 ? 0 : Math.min(100 * 2 ** this.#failures, MAX_BACKOFF_MS);
    this.#retry = setTimeout(() => {
      this.#launch().then(
        () => this.#options.log.info({ pid: this.pid }, "engine is back"),
        (error: Error) => {
          if (this.#state === "closed") return;
          this.#failures++;
          this.#trouble = error.message;
          this.#options.log.error({ reason: error.message }, "engine does not start");
          this.#relaunch();
        },
      );
    }, pauseMs);
  }

  /** Counts in ticks, not in time: while this process itself is stopped none pass. */
  #tick(): void {
    if (this.#state !== "ready") return;
    if (this.#unanswered > 0) {
      if (++this.#unanswered <= HUNG_AFTER) return;
      this.#unanswered = 0;
      this.#options.log.error({ pid: this.pid }, "engine does not answer, killing it");
      this.#engine?.kill();
      return;
    }
    if (++this.#ticks % PING_EVERY !== 0) return;
    this.#unanswered = 1;
    const engine = this.#engine;
    void answersPing(this.#address, (HUNG_AFTER + 1) * this.#tickMs).then((answered) => {
      if (answered && engine === this.#engine) this.#unanswered = 0;
    });
  }
}
