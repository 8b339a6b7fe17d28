import { refusal } from "./engine-error.ts";
import { EngineSession } from "./session.ts";

export interface PoolOptions {
  readonly dataDir: string;
  readonly connectionArgs: readonly string[];
  /** Sessions for reading; each runs one statement at a time. They are opened as they are needed. */
  readonly readers: number;
  /** Statements that may wait for a session, of each kind; one more is refused. */
  readonly waiting: number;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Waiter {
  readonly grant: (session: EngineSession) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Hands out the sessions of one kind, first come, first served. */
class Lane {
  readonly #open: () => EngineSession;
  readonly #most: number;
  readonly #waiting: number;
  readonly sessions: EngineSession[] = [];
  readonly #free: EngineSession[] = [];
  readonly #waiters: Waiter[] = [];
  #closed = false;

  constructor(most: number, waiting: number, open: () => EngineSession) {
    this.#most = most;
    this.#waiting = waiting;
    this.#open = open;
  }

  get busy(): number {
    return this.sessions.length - this.#free.length;
  }

  async take(signal: AbortSignal): Promise<EngineSession> {
    signal.throwIfAborted();
    if (this.#closed) throw refusal(210, "NETWORK_ERROR", "The engine is shutting down");
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.sessions.length < this.#most) {
      const session = this.#open();
      this.sessions.push(session);
      return session;
    }
    if (this.#waiters.length >= this.#waiting) {
      throw refusal(202, "TOO_MANY_SIMULTANEOUS_QUERIES", `${this.#waiting} statements are waiting already`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<EngineSession>();
    const waiter: Waiter = { grant: resolve, refuse: reject };
    this.#waiters.push(waiter);
    const onAbort = () => {
      const at = this.#waiters.indexOf(waiter);
      if (at < 0) return;
      this.#waiters.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  give(session: EngineSession): void {
    const next = this.#waiters.shift();
    if (next !== undefined) next.grant(session);
    else this.#free.push(session);
  }

  refuseWaiting(): void {
    this.#closed = true;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.refuse(refusal(210, "NETWORK_ERROR", "The engine is shutting down"));
    }
  }
}

/**
 * The engine's sessions: one that writes, some that read, one that only watches over the others. A read
 * therefore never waits for a write, and waits for other reads only when all readers are busy.
 */
export class SessionPool {
  readonly #lanes: { readonly read: Lane; readonly write: Lane };
  readonly #control: EngineSession;
  #controlQueue: Promise<unknown> = Promise.resolve();

  /** Opens the data; throws when another process has it open. */
  constructor(options: PoolOptions) {
    let count = 0;
    const open = () => new EngineSession(options.dataDir, options.connectionArgs, `clew-session-${count++}`);
    this.#control = open();
    this.#lanes = {
      read: new Lane(options.readers, options.waiting, open),
      write: new Lane(1, options.waiting, open),
    };
  }

  /** Runs `work` on a session of its own; the session is handed on when `work` settles. */
  async run<Result>(
    kind: "read" | "write",
    signal: AbortSignal,
    work: (session: EngineSession) => Promise<Result>,
  ): Promise<Result> {
    const lane = this.#lanes[kind];
    const session = await lane.take(signal);
    let killing: Promise<void> | undefined;
    const onAbort = () => {
      killing = this.#killUntil(session, () => settled);
    };
    let settled = false;
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      return await work(session);
    } finally {
      settled = true;
      signal.removeEventListener("abort", onAbort);
      // A late kill must not hit the next statement of this session.
      await killing;
      lane.give(session);
    }
  }

  /** Resolves when the engine has answered a trivial statement. */
  async ping(): Promise<void> {
    await this.#onControl((control) => control.execute("SELECT 1", "Null"));
  }

  /** Refuses new statements, stops those that run longer than `graceMs`, and closes every session. */
  async close(graceMs: number): Promise<void> {
    const lanes = Object.values(this.#lanes);
    for (const lane of lanes) lane.refuseWaiting();
    const idle = () => lanes.every((lane) => lane.busy === 0);
    const deadline = Date.now() + graceMs;
    while (!idle() && Date.now() < deadline) await pause(20);
    await Promise.all(
      lanes.flatMap((lane) => lane.sessions).map((session) => this.#killUntil(session, idle)),
    );
    for (const session of lanes.flatMap((lane) => lane.sessions)) session.close();
    this.#control.close();
  }

  /** A statement may be on its way to the engine's list of running ones when it is aborted. */
  async #killUntil(session: EngineSession, settled: () => boolean): Promise<void> {
    for (let pauseMs = 10; !settled(); pauseMs = Math.min(pauseMs * 2, 500)) {
      if (session.running) await this.#kill(session);
      if (!settled()) await pause(pauseMs);
    }
  }

  async #kill(session: EngineSession): Promise<void> {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = '${session.mark}' ASYNC`;
    await this.#onControl((control) => control.execute(sql, "Null")).catch(() => undefined);
  }

  #onControl<Result>(work: (control: EngineSession) => Promise<Result>): Promise<Result> {
    const turn = this.#controlQueue.then(() => work(this.#control));
    this.#controlQueue = turn.catch(() => undefined);
    return turn;
  }
}
