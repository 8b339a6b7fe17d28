import { once } from "node:events";
import { createInterface } from "node:readline";
import { type AgentOptions, spawnAgent, writeAgent } from "./agent-process.ts";
import { OtlpCollector } from "./otlp-collector.ts";
import { outputOf } from "./output-of.ts";

/** An agent that serves until it is stopped. */
export class AgentService implements AsyncDisposable {
  readonly collector: OtlpCollector;
  /** First line that the agent prints: its address. */
  readonly url: string;
  readonly #stop: () => Promise<{ code: number | null; stderr: string }>;

  private constructor(collector: OtlpCollector, url: string, stop: AgentService["stop"]) {
    this.collector = collector;
    this.url = url;
    this.#stop = stop;
  }

  /** The agent ends by itself when it gets SIGTERM. */
  static async start(options: AgentOptions): Promise<AgentService> {
    const collector = await OtlpCollector.start();
    const file = await writeAgent(options);
    const child = spawnAgent(file.path, collector.endpoint, options);
    const output = outputOf(child);
    const closed = once(child, "close");
    const stop = async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 10_000);
      const [code] = await closed;
      clearTimeout(timer);
      file[Symbol.dispose]();
      return { code, stderr: output.stderr };
    };
    const failed = closed.then(() => {
      throw new Error(`The agent did not start:\n${output.stderr}`);
    });
    const [url] = await Promise.race([once(createInterface(child.stdout), "line"), failed]);
    failed.catch(() => {});
    return new AgentService(collector, url, stop);
  }

  /** Ends the agent; all it had to send has arrived then. */
  stop(): Promise<{ code: number | null; stderr: string }> {
    return this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await this.collector[Symbol.asyncDispose]();
  }
}
