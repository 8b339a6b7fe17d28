import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installPackages } from "../../packages/server/src/cli/python/install-packages.ts";
import { findInterpreter, type Interpreter } from "../../packages/server/src/cli/python/interpreter.ts";
import { pythonEnvironment } from "../../packages/server/src/cli/run/python-environment.ts";
import { OtlpCollector, type ReceivedLog, type ReceivedSpan } from "./otlp-collector.ts";
import { until } from "./until.ts";

const REQUIREMENTS = fileURLToPath(new URL("../python/requirements.txt", import.meta.url));
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/clew-python/", import.meta.url));
const FOREIGN = /^(CLEW|OTEL|NODE|PYTHON)|^(TRACEPARENT|TRACESTATE|BAGGAGE|VIRTUAL_ENV)$/;

/** A virtual environment with the libraries that agents use, and the packages of `clew python install`. */
export interface PythonSetup {
  readonly interpreter: Interpreter;
  /** Folder of the environment's programs. */
  readonly bin: string;
  /** For `CLEW_PYTHON_PACKAGES`. */
  readonly packages: string;
}

export interface PythonOptions {
  /** Files of the agent by name; `agent.py` is what `runPython` runs. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Words after the program; default `["agent.py"]`. */
  readonly args?: readonly string[];
  /** Program of the environment; default `python`. */
  readonly program?: string;
  /** Called with all that was printed, for tests that answer with a signal. */
  readonly onOutput?: (child: ChildProcess, output: string) => void;
}

export interface PythonRun {
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the start of the process to its end. */
  readonly ms: number;
}

/** Why tests of Python cannot run here; undefined where they can. Where `CI` is set it throws instead. */
export async function noPython(): Promise<string | undefined> {
  try {
    await pythonSetup();
    return undefined;
  } catch (error) {
    if (process.env.CI) throw error;
    return `skipped: ${(error as Error).message.split("\n")[0]}`;
  }
}

let setup: Promise<PythonSetup> | undefined;

/** Installs on first use into `node_modules/.cache`. `CLEW_TEST_PYTHON` names another Python. */
export function pythonSetup(): Promise<PythonSetup> {
  setup ??= install();
  return setup;
}

async function install(): Promise<PythonSetup> {
  const { signal } = new AbortController();
  const interpreter = await findInterpreter(process.env.CLEW_TEST_PYTHON, process.env, signal);
  const packages = join(CACHE, "packages");
  await installPackages(interpreter, packages, { env: process.env, signal });
  const hash = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(CACHE, `${interpreter.version}-${hash}`);
  if (!existsSync(join(folder, "complete"))) {
    mkdirSync(CACHE, { recursive: true });
    const run = promisify(execFile);
    const making = `${folder}-${process.pid}`;
    // Programs of an environment name their Python by its path: it has to be made where it stays.
    const lock = join(CACHE, "lock");
    await until("another test to install Python's libraries", () => tryLock(lock), { timeoutMs: 300_000 });
    try {
      if (!existsSync(join(folder, "complete"))) {
        rmSync(folder, { recursive: true, force: true });
        await run(interpreter.command, ["-m", "venv", folder]);
        const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        await run(join(folder, "bin", "python"), [...pip, "--requirement", REQUIREMENTS]);
        writeFileSync(making, "");
        renameSync(making, join(folder, "complete"));
      }
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return { interpreter, bin: join(folder, "bin"), packages };
}

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** The variables under which `clew run` starts a Python program, without those of this process that concern tracing. */
export function pythonVariables(
  { bin, packages }: PythonSetup,
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const variables = {
    ...Object.fromEntries(own),
    PATH: [bin, process.env.PATH].join(delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
    CLEW_OTLP_ENDPOINT: endpoint,
    OTEL_SERVICE_NAME: "agent",
    ...env,
  };
  return { ...variables, ...pythonEnvironment(variables, packages) };
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
    return { ...output(), code, signal, ms, spans: collector.spans, logs: collector.logs };
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

async function spawnPython(folder: string, endpoint: string, options: PythonOptions) {
  const ready = await pythonSetup();
  const env = pythonVariables(ready, endpoint, options.env);
  const program = join(ready.bin, options.program ?? "python");
  return spawn(program, options.args ?? ["agent.py"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
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
