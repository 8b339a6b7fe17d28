import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { KeyValue, TracesData } from "@clew/protocol/otlp/model";
import { exportedBytes } from "./exported.ts";
import { type ServerProcess, serveEnvironment, temporaryFolder } from "./server-process.ts";
import { until } from "./until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const START = fileURLToPath(new URL("../../examples/start", import.meta.url));

export interface ExampleOptions {
  /** Of `clew run`. */
  readonly options?: readonly string[];
  /** Words after the example's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An example under `clew run`, as its README starts it. */
export class Example implements AsyncDisposable {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];

  private constructor(name: string, server: ServerProcess, { options = [], args = [], env }: ExampleOptions) {
    const folder = temporaryFolder();
    const command = ["run", "--url", server.url, ...options, "--", START, name, ...args];
    this.#child = spawn(process.execPath, [CLEW, ...command], {
      cwd: folder,
      env: { ...serveEnvironment(folder, { PYTHON: "", ...env }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const input of [this.#child.stdout!, this.#child.stderr!])
      createInterface({ input }).on("line", (line) => this.#lines.push(line));
    this.ended = once(this.#child, "close").then(([code]) => code as number | null);
  }

  static start(name: string, server: ServerProcess, options: ExampleOptions = {}): Example {
    return new Example(name, server, options);
  }

  /** Runs it to its end; rejects with what it said where that is a failure. */
  static async run(name: string, server: ServerProcess, options: ExampleOptions = {}): Promise<string[]> {
    const example = new Example(name, server, options);
    const code = await example.ended;
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${example.#lines.join("\n")}`);
    return example.#lines;
  }

  /** The address in the line that begins so. */
  async addressAfter(beginning: string): Promise<string> {
    const line = await until(`${beginning} ...`, () => {
      if (this.#child.exitCode !== null) throw new Error(`it ended:\n${this.#lines.join("\n")}`);
      return this.#lines.find((each) => each.startsWith(beginning));
    });
    return line.slice(beginning.length).trim();
  }

  /** Ends it as Ctrl-C does; all that it had to send has arrived then. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** One stored span with what tests ask for. */
export interface StoredSpan {
  readonly service: string;
  /** `telemetry.sdk.language` of the process. */
  readonly language: string;
  readonly name: string;
  /** OTLP's: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The spans of one trace, as the server exports them, in the order of their start. */
export async function spansOf(server: ServerProcess, traceId: string): Promise<StoredSpan[]> {
  const bytes = await exportedBytes(server, "traces", { traces: [traceId], format: "json" });
  const { resourceSpans = [] } = JSON.parse(String(bytes)) as TracesData;
  const spans = resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const { "service.name": service = "", "telemetry.sdk.language": language = "" } = texts(
      resource?.attributes,
    );
    return scopeSpans
      .flatMap((scope) => scope.spans ?? [])
      .map((span) => ({
        service,
        language,
        name: span.name ?? "",
        kind: span.kind ?? 0,
        spanId: span.spanId ?? "",
        parentSpanId: span.parentSpanId ?? "",
        startNanos: BigInt(span.startTimeUnixNano ?? 0),
        endNanos: BigInt(span.endTimeUnixNano ?? 0),
        isError: span.status?.code === 2,
        attributes: texts(span.attributes),
      }));
  });
  return spans.sort((a, b) => (a.startNanos < b.startNanos ? -1 : 1));
}

/** The traces that the filter finds, oldest first, once there are as many as expected with all their spans. */
export async function tracesOf(
  server: ServerProcess,
  filter: Parameters<ServerProcess["api"]["traces"]>[0],
  spanCounts: readonly number[],
): Promise<TraceItem[]> {
  const total = spanCounts.reduce((sum, count) => sum + count, 0);
  let seen = "";
  try {
    return await until(`traces of ${spanCounts} spans`, async () => {
      const { items } = await server.api.traces({ limit: 1000, ...filter });
      seen = items.map(({ rootName, spanCount }) => `${rootName}: ${spanCount}`).join(", ");
      const stored = items.reduce((sum, { spanCount }) => sum + spanCount, 0);
      return stored >= total && items.toReversed();
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}; there are ${seen}`, { cause: error });
  }
}

function texts(attributes: readonly KeyValue[] = []): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key = "", value = {} }) => [key, String(Object.values(value)[0] ?? "")]),
  );
}
