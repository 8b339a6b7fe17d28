import { setTimeout as sleep } from "node:timers/promises";
import type { Signal } from "@clew/protocol/signal";
import type { NumberedLoad } from "./numbered-load.ts";
import type { Sender } from "./sender.ts";
import { until } from "./until.ts";

export interface LoopOptions {
  /** Requests under way at once. */
  readonly senders?: number;
  readonly spansPerRequest?: number;
  /** Between an answer and the next request of the same sender. */
  readonly pauseMs?: number;
}

const TURNS: readonly Signal[] = ["traces", "traces", "logs", "traces", "traces", "metrics"];

/** Sends a load until it is stopped or nothing answers any more. */
export class LoadLoop implements AsyncDisposable {
  readonly #sender: Sender;
  readonly #loops: Promise<void>[];
  #stopping = false;

  constructor(load: NumberedLoad, sender: Sender, options: LoopOptions = {}) {
    const { senders = 3, spansPerRequest = 50, pauseMs = 10 } = options;
    this.#sender = sender;
    this.#loops = Array.from({ length: senders }, async (_, at) => {
      for (let turn = at; !this.#stopping; turn++) {
        const signal = TURNS[turn % TURNS.length]!;
        const outcome = await sender.send(load.next(signal, signal === "traces" ? spansPerRequest : 10));
        if (outcome === "unknown") return;
        await sleep(pauseMs);
      }
    });
  }

  /** Resolves when so many more spans have been acknowledged. */
  async acknowledges(spans: number): Promise<void> {
    const wanted = this.#sender.count("traces") + spans;
    await until(`${spans} more spans to be acknowledged`, () => this.#sender.count("traces") >= wanted);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
