import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../packages/server/src/cli/run/python-environment.ts";
import { OtlpCollector, type ReceivedLog, type ReceivedSpan } from "./otlp-collector.ts";
import { type PythonSetup, pythonSetup } from "./python-environment.ts";
import { until } from "./until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const FOREIGN = /^(CLEW|OTEL|NODE|PYTHON)|^(TRACEPARENT|TRACESTATE|BAGGAGE|VIRTUAL_ENV)$/;

export interface PythonOptions {
  /** Files of the agent by name; `agent.py` is what `runPython` runs. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Words after the program; default `["agent.py"]`. */
  readonly args?: readonly string[];
  /** Program of the environment, or a path; default `python`. */
  readonly program?: string;
  /** Default: what `pythonSetup` sets up. */
  readonly setup?: PythonSetup;
  /** Options of `clew run`, under which the program runs then; else it has the variables that this sets. */
  readonly clewRun?: readonly string[];
  /** Called with all that was printed, for tests that answer with a signal. */
  readonly onOutput?: (child: ChildProcess, output: string) => void;
}

export interface PythonRun {
  /** Those that ended. */
  readonly spans: readonly ReceivedSpan[];
  /** Those that were told while they ran, too, in the order of arrival. */
  readonly received: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the start of the process to its end. */
  readonly ms: number;
}

/** The variables under which `clew run` starts a Python program, without those of this process that concern tracing. */
export function pythonVariables(
  setup: PythonSetup,
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const ours = { CLEW_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: "agent" };
  const variables = { ...foreignVariables(setup), ...ours, ...env };
  return { ...variables, ...pythonEnvironment(variables, setup.packages) };
}

function foreignVariables({ bin }: PythonSetup): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const path = [bin, process.env.PATH].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, PYTHONDONTWRITEBYTECODE: "1" };
}

/** Runs a program to its end, and returns what it sent. */
export async function runPython(options: PythonOptions): Promise<PythonRun> {
  await using collector = await OtlpCollector.start();
  const folder = writeFiles(options.files);
  try {
    const child = await spawnPython(folder, collector.endpoint, options);
    const started = performance.now();
    const output = collect(child, options);
    const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    const ms = performance.now() - started;
    const { spans: received, logs } = collector;
    return { ...output(), code, signal, ms, spans: received.filter(hasEnded), received, logs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "clew-python-"));
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return folder;
}

function hasEnded(span: ReceivedSpan): boolean {
  return span.attributes["clew.running"] === undefined;
}

async function spawnPython(folder: string, endpoint: string, options: PythonOptions) {
  const ready = options.setup ?? (await pythonSetup());
  const program = isAbsolute(options.program ?? "")
    ? options.program!
    : join(ready.bin, options.program ?? "python");
  const words = [program, ...(options.args ?? ["agent.py"])];
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  if (options.clewRun === undefined) {
    const env = pythonVariables(ready, endpoint, options.env);
    return spawn(words[0]!, words.slice(1), { cwd: folder, env, stdio });
  }
  const env = { ...foreignVariables(ready), CLEW_PYTHON_PACKAGES: ready.packages, ...options.env };
  const clew = [CLEW, "run", "--url", endpoint, ...options.clewRun, "--", ...words];
  return spawn(process.execPath, clew, { cwd: folder, env, stdio });
}

function collect(child: ChildProcess, { onOutput }: Pick<PythonOptions, "onOutput"> = {}) {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(child, stdout);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return () => ({ stdout, stderr });
}

/** A program that serves HTTP until it is stopped. */
export class PythonService implements AsyncDisposable {
  readonly collector: OtlpCollector;
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #output: () => { stdout: string; stderr: string };
  #closed: Promise<unknown[]>;

  private constructor(
    collector: OtlpCollector,
    url: string,
    child: ChildProcess,
    folder: string,
    output: () => { stdout: string; stderr: string },
  ) {
    this.collector = collector;
    this.url = url;
    this.#child = child;
    this.#folder = folder;
    this.#output = output;
    this.#closed = once(child, "close");
  }

  /** `{port}` in a word is replaced by a free port. Resolves when `/ready` is answered, whatever with. */
  static async start(options: PythonOptions): Promise<PythonService> {
    const collector = await OtlpCollector.start();
    const folder = writeFiles(options.files);
    const port = await freePort();
    const args = options.args?.map((word) => word.replace("{port}", String(port)));
    const child = await spawnPython(folder, collector.endpoint, { ...options, ...(args && { args }) });
    const url = `http://127.0.0.1:${port}`;
    const service = new PythonService(collector, url, child, folder, collect(child));
    try {
      const answers = await until("the service to answer", async () => {
        if (child.exitCode !== null || child.signalCode !== null) return "it ended";
        const answer = await fetch(`${url}/ready`).catch(() => undefined);
        await answer?.arrayBuffer();
        return answer !== undefined && "it answers";
      });
      if (answers === "it ended") throw new Error(answers);
      return service;
    } catch (error) {
      const { stdout, stderr } = await service.stop();
      await service[Symbol.asyncDispose]();
      throw new Error(`The service did not start: ${(error as Error).message}\n${stdout}\n${stderr}`, {
        cause: error,
      });
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Writes a file of the program anew. */
  write(name: string, source: string): void {
    writeFileSync(join(this.#folder, name), source);
  }

  /** Those that ended. */
  get spans(): readonly ReceivedSpan[] {
    return this.collector.spans.filter(hasEnded);
  }

  /** Ends it with SIGTERM; all it had to send has arrived then. */
  async stop(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    const [code] = await this.#closed;
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
    return { code: code as number | null, ...this.#output() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.collector[Symbol.asyncDispose]();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
