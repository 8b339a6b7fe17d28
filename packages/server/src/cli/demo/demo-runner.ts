import type { DemoStatus } from "@clew/protocol/api/demo";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { ConfigInput } from "../../config/load-config.ts";
import type { Demo } from "../../http/api-options.ts";
import type { Logger } from "../../log.ts";
import { runAgents } from "./demo-agents.ts";
import { agentsEnvironment, CUSTOMERS, newSession } from "./demo-environment.ts";
import { tracesOf } from "./demo-traces.ts";

const MOST_MS = 120_000;
const MOST_LINES = 100;

export interface DemoRunnerOptions {
  /** Environment and configuration of the server, which the agents get. */
  readonly input: ConfigInput;
  readonly token: string | undefined;
  /** Base URL of OTLP over HTTP. */
  readonly receiver: () => string;
  readonly tracesOfSession: (session: string, signal: AbortSignal) => Promise<readonly TraceItem[]>;
  readonly log: Logger;
}

/** Runs the agents of the demonstration for those who look at the page; one run at a time, for two minutes at most. */
export class DemoRunner implements Demo {
  readonly #options: DemoRunnerOptions;
  readonly #closing = new AbortController();
  #status: DemoStatus = { state: "idle", lines: [], traces: [] };

  constructor(options: DemoRunnerOptions) {
    this.#options = options;
  }

  get status(): DemoStatus {
    return this.#status;
  }

  start(): DemoStatus {
    if (this.#status.state === "running" || this.#closing.signal.aborted) return this.#status;
    this.#status = { state: "running", lines: [], traces: [] };
    void this.#run();
    return this.#status;
  }

  /** Ends the agents where they run. */
  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { input, token, receiver, tracesOfSession, log } = this.#options;
    const late = AbortSignal.timeout(MOST_MS);
    const signal = AbortSignal.any([this.#closing.signal, late]);
    const session = newSession();
    try {
      const env = await agentsEnvironment(input, { receiver: receiver(), token, session });
      await runAgents(env, (line) => this.#say(line), signal);
      const items = await tracesOf(() => tracesOfSession(session, signal), CUSTOMERS, signal);
      const traces = items.map(({ traceId, status }) => ({ traceId, failed: status === "error" }));
      this.#status = { ...this.#status, state: "done", traces };
    } catch (error) {
      const why = late.aborted ? `The agents took longer than ${MOST_MS / 1000} s` : String(messageOf(error));
      this.#status = { ...this.#status, state: "failed", error: why };
      if (!this.#closing.signal.aborted) log.warn({ error }, "the demonstration failed");
    }
  }

  #say(line: string): void {
    const { lines } = this.#status;
    if (lines.length < MOST_LINES) this.#status = { ...this.#status, lines: [...lines, line] };
  }
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}
