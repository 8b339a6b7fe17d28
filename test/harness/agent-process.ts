import { type ChildProcessByStdio, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePreload } from "../../scripts/bundle-preload.ts";
import { OtlpCollector, type ReceivedLog, type ReceivedSpan } from "./otlp-collector.ts";
import { outputOf } from "./output-of.ts";

/** Where the libraries are installed that agents of tests use. */
const LIBRARIES = fileURLToPath(new URL("../libraries/", import.meta.url));
const PRELOAD = pathToFileURL(
  fileURLToPath(new URL("../../packages/instrument/dist/register.mjs", import.meta.url)),
).href;

export interface AgentOptions {
  /** Source of the agent. It does not know of tracing. */
  readonly source: string;
  readonly kind: "esm" | "cjs";
  /** Packages of which another than the newest version is used: by name, the alias it is installed under. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Milliseconds after which the agent is killed and the test fails; default 30,000. */
  readonly timeoutMs?: number;
}

export interface AgentRun {
  /** Everything that the process sent, in the order in which it arrived. */
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

const FOREIGN = /^(CLEW|OTEL|NODE)_|^(TRACEPARENT|TRACESTATE|BAGGAGE)$/;

let bundled: Promise<void> | undefined;

/**
 * Runs an agent under the preload as it is published, in a process of its own, and returns what it sent until
 * it ended. Packages are those of `test/libraries`; `npm run test:libraries` installs them.
 */
export async function runAgent(options: AgentOptions): Promise<AgentRun> {
  await using collector = await OtlpCollector.start();
  using file = await writeAgent(options);
  const ended = await run(file.path, collector.endpoint, options);
  return { ...ended, spans: collector.spans, logs: collector.logs };
}

/** Bundles the preload once per process, and writes an agent where it finds the libraries. */
export async function writeAgent(options: AgentOptions): Promise<Disposable & { readonly path: string }> {
  bundled ??= bundlePreload();
  await bundled;
  const folder = mkdtempSync(join(LIBRARIES, ".agent-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    for (const [name, alias] of Object.entries(options.versions ?? {})) {
      const target = join(folder, "node_modules", name);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(LIBRARIES, "node_modules", alias), target, { recursive: true });
    }
    const path = join(folder, options.kind === "esm" ? "agent.mjs" : "agent.cjs");
    writeFileSync(path, options.source);
    return { path, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Starts a written agent under the preload, without the variables of tracing that this process has. */
export function spawnAgent(
  path: string,
  endpoint: string,
  options: AgentOptions,
): ChildProcessByStdio<null, Readable, Readable> {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const env = {
    ...Object.fromEntries(own),
    OTEL_SERVICE_NAME: "agent",
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...options.env,
  };
  return spawn(process.execPath, ["--import", PRELOAD, path, ...(options.args ?? [])], {
    cwd: dirname(path),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(path: string, endpoint: string, options: AgentOptions) {
  const child = spawnAgent(path, endpoint, options);
  const output = outputOf(child);
  const timeoutMs = options.timeoutMs ?? 30_000;
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error(`The agent did not end within ${timeoutMs} ms:\n${output.stdout}\n${output.stderr}`));
  }, timeoutMs);
  child.on("error", reject);
  child.on("close", resolve);
  try {
    return { code: await promise, ...output };
  } finally {
    clearTimeout(timer);
  }
}
