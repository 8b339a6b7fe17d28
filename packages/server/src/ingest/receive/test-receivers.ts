import type { TestContext } from "node:test";
import type { Signal } from "@clew/protocol/signal";
import { IngestEvents } from "../events.ts";
import type { Accepted, Intake, Source } from "../intake.ts";
import type { Receivers, ReceiversOptions } from "./receivers.ts";
import { startReceivers } from "./receivers.ts";

export interface Received {
  readonly signal: Signal;
  readonly body: Buffer;
  readonly source: Source;
}

/** Receivers on free ports, for tests, with what they handed in. Closed when the test ends. */
export interface TestReceivers extends Receivers {
  readonly received: Received[];
  readonly events: IngestEvents;
  /** What was logged as a bug. */
  readonly errors: string[];
  /** Names of the reasons of all refusals so far, the latest first. */
  reasons(): string[];
}

export const TAKEN: Accepted = { records: 1, rejected: 0, message: "", service: "test" };

/** `accept` decides what becomes of a request; it is taken when left out. */
export async function testReceivers(
  t: TestContext,
  options: Partial<Omit<ReceiversOptions, "intake">> & { accept?: Intake["accept"] } = {},
): Promise<TestReceivers> {
  const received: Received[] = [];
  const errors: string[] = [];
  const events = new IngestEvents();
  const { accept = async () => TAKEN, ...rest } = options;
  const receivers = await startReceivers({
    ...{ host: "127.0.0.1", grpcPort: 0, httpPort: 0, maxBodyBytes: 64 * 1024 * 1024, events },
    log: { error: (_details, message) => errors.push(message) },
    ...rest,
    intake: {
      accept(signal, body, source) {
        received.push({ signal, body: Buffer.from(body), source });
        return accept(signal, body, source);
      },
    },
  });
  t.after(() => receivers.close());
  const reasons = () => events.counters().refusals.map((refusal) => refusal.reason);
  return { ...receivers, received, events, errors, reasons };
}
