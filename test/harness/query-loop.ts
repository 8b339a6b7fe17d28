import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "@clew/protocol/api/api-error";
import type { ServerProcess } from "./server-process.ts";

/** Asks the API for lists and traces, again and again, and counts how that ends. */
export class QueryLoop implements AsyncDisposable {
  /** By `ok`, or an error's status and code, e.g. `503 store_unavailable`. */
  readonly outcomes = new Map<string, number>();
  /** What errors said, each once. */
  readonly messages = new Set<string>();
  /** Longest that an answer took. */
  slowestMs = 0;
  readonly #loops: Promise<void>[];
  #stopping = false;

  constructor(server: ServerProcess, clients = 3) {
    const { api } = server;
    const questions = [
      () => api.traces({ limit: 20 }),
      () => api.trace("last"),
      () => api.sessions(),
      () => api.status(),
    ];
    this.#loops = Array.from({ length: clients }, async (_, at) => {
      for (let turn = at; !this.#stopping; turn++) {
        const begunAt = performance.now();
        await questions[turn % questions.length]!().then(
          () => this.#count("ok"),
          (error: unknown) => this.#failed(error),
        );
        this.slowestMs = Math.max(this.slowestMs, performance.now() - begunAt);
        await sleep(5);
      }
    });
  }

  /** Resolves when all have their last answer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #failed(error: unknown): void {
    const { message } = error as Error;
    this.messages.add(message);
    this.#count(error instanceof ApiError ? `${error.status} ${error.code}` : message);
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}
