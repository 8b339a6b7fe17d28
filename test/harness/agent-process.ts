import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePreload } from "../../scripts/bundle-preload.ts";
import { OtlpCollector, type ReceivedLog, type ReceivedSpan } from "./otlp-collector.ts";

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

let bundled: Promise<void> | undefined;

/**
 * Runs an agent under the preload as it is published, in a process of its own, and returns what it sent until
 * it ended. Packages are those of `test/libraries`; `npm run test:libraries` installs them.
 */
export async function runAgent(options: AgentOptions): Promise<AgentRun> {
  bundled ??= bundlePreload();
  await bundled;
  await using collector = await OtlpCollector.start();
  const folder = mkdtempSync(join(LIBRARIES, ".agent-"));
  try {
    for (const [name, alias] of Object.entries(options.versions ?? {})) {
      const target = join(folder, "node_modules", name);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(LIBRARIES, "node_modules", alias), target, { recursive: true });
    }
    const file = join(folder, options.kind === "esm" ? "agent.mjs" : "agent.cjs");
    writeFileSync(file, options.source);
    const ended = await run(file, collector.endpoint, options);
    return { ...ended, spans: collector.spans, logs: collector.logs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(file: string, endpoint: string, options: AgentOptions) {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
  const env = {
    ...Object.fromEntries(own),
    OTEL_SERVICE_NAME: "agent",
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...options.env,
  };
  const child = spawn(process.execPath, ["--import", PRELOAD, file, ...(options.args ?? [])], {
    cwd: dirname(file),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const timeoutMs = options.timeoutMs ?? 30_000;
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error(`The agent did not end within ${timeoutMs} ms:\n${stdout}\n${stderr}`));
  }, timeoutMs);
  child.on("error", reject);
  child.on("close", resolve);
  try {
    return { code: await promise, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}
