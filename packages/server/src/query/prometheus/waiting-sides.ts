import type { RequestSide } from "./request-sides.ts";

/** A request of which both sides are known, or one side and who the other one is. */
export interface Request {
  readonly client: string;
  readonly server: string;
  readonly connection: "" | "messaging_system" | "database" | "virtual_node";
  readonly isFailed: boolean;
  readonly caller: RequestSide;
  readonly called: RequestSide;
}

interface Waiting {
  readonly side: RequestSide;
  readonly sinceMs: number;
}

interface WaitingCaller extends Waiting {
  /** Whether another side came; a message may be taken by several services. */
  isPaired: boolean;
}

/** How long one side waits for the other, as with Tempo. */
const WAIT_MS = 10_000;
/** Some 250 bytes each. */
const MOST_WAITING = 100_000;
/** To find the first of a map takes longer the more were removed before it, so that many are removed at once. */
const SLACK = 1.1;

/**
 * Joins the sides of requests, which may come in any order and apart from each other. A call has one answer, the first;
 * a message is a request to each who takes it.
 */
export class WaitingSides {
  readonly #most: number;
  readonly #onRequest: (request: Request) => void;
  /** Both by `requestId`, the oldest first. */
  readonly #callers = new Map<number, WaitingCaller>();
  readonly #called = new Map<number, Waiting[]>();
  #calledCount = 0;

  /** Of more than `most` sides, give or take a tenth, the oldest do not wait their time. */
  constructor(onRequest: (request: Request) => void, most = MOST_WAITING) {
    this.#onRequest = onRequest;
    this.#most = most;
  }

  add(side: RequestSide, nowMs: number): void {
    if (side.isCaller) this.#addCaller(side, nowMs);
    else this.#addCalled(side, nowMs);
    if (this.#callers.size > this.#most * SLACK) this.#giveUpOldest();
    if (this.#calledCount > this.#most * SLACK) this.#forgetOldest();
  }

  /** Gives up who has waited long enough: a caller that knows whom it called has made a request. */
  expire(nowMs: number): void {
    for (const [id, { sinceMs }] of this.#callers) {
      if (nowMs - sinceMs < WAIT_MS) break;
      this.#giveUp(id);
    }
    for (const [id, [first]] of this.#called) {
      if (first !== undefined && nowMs - first.sinceMs < WAIT_MS) break;
      this.#forget(id);
    }
  }

  #addCaller(side: RequestSide, nowMs: number): void {
    const { requestId, isToDatabase, isMessage, service, other } = side;
    // Databases have no spans of their own.
    if (isToDatabase) {
      this.#alone(side, service, other, "database");
      return;
    }
    const answers = this.#called.get(requestId);
    for (const answer of answers ?? []) {
      this.#pair(side, answer.side);
      if (!isMessage) break;
    }
    this.#forget(requestId);
    if (answers !== undefined && !isMessage) return;
    this.#callers.set(requestId, { side, sinceMs: nowMs, isPaired: answers !== undefined });
  }

  #addCalled(side: RequestSide, nowMs: number): void {
    const { requestId, isRoot, service, other } = side;
    if (isRoot) {
      this.#alone(side, other === "" ? "user" : other, service, "virtual_node");
      return;
    }
    const caller = this.#callers.get(requestId);
    if (caller === undefined) {
      const waiting = { side, sinceMs: nowMs };
      const others = this.#called.get(requestId);
      if (others === undefined) this.#called.set(requestId, [waiting]);
      else others.push(waiting);
      this.#calledCount += 1;
      return;
    }
    this.#pair(caller.side, side);
    if (caller.side.isMessage) caller.isPaired = true;
    else this.#callers.delete(requestId);
  }

  #giveUpOldest(): void {
    for (const id of this.#callers.keys()) {
      if (this.#callers.size <= this.#most) break;
      this.#giveUp(id);
    }
  }

  #forgetOldest(): void {
    for (const id of this.#called.keys()) {
      if (this.#calledCount <= this.#most) break;
      this.#forget(id);
    }
  }

  #giveUp(requestId: number): void {
    const waiting = this.#callers.get(requestId);
    this.#callers.delete(requestId);
    if (waiting === undefined || waiting.isPaired || waiting.side.other === "") return;
    const { side } = waiting;
    this.#alone(side, side.service, side.other, "virtual_node");
  }

  #forget(requestId: number): void {
    this.#calledCount -= this.#called.get(requestId)?.length ?? 0;
    this.#called.delete(requestId);
  }

  #pair(caller: RequestSide, called: RequestSide): void {
    this.#onRequest({
      client: caller.service,
      server: called.service,
      connection: caller.isMessage || called.isMessage ? "messaging_system" : "",
      isFailed: caller.isFailed || called.isFailed,
      caller,
      called,
    });
  }

  /** The other side is taken to have seen what this one did. */
  #alone(side: RequestSide, client: string, server: string, connection: Request["connection"]): void {
    this.#onRequest({ client, server, connection, isFailed: side.isFailed, caller: side, called: side });
  }
}
