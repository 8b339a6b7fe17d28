import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installPackages } from "../../packages/server/src/cli/python/install-packages.ts";
import { findInterpreter, type Interpreter } from "../../packages/server/src/cli/python/interpreter.ts";
import { until } from "./until.ts";

const FOLDER = fileURLToPath(new URL("../python/", import.meta.url));
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/clew-python/", import.meta.url));
const run = promisify(execFile);

/** A virtual environment with the libraries that agents use, and the packages of `clew python install`. */
export interface PythonSetup {
  readonly interpreter: Interpreter;
  /** Folder of the environment's programs. */
  readonly bin: string;
  /** For `CLEW_PYTHON_PACKAGES`. */
  readonly packages: string;
}

export interface SetupOptions {
  /** A Python other than that of `CLEW_TEST_PYTHON`, or the first on the path. */
  readonly python?: string;
  /** A list in `test/python`; default `requirements.txt`. */
  readonly list?: string;
  /** The only packages of the list that are installed. */
  readonly only?: readonly string[];
}

const setups = new Map<string, Promise<PythonSetup>>();

/** Installs on first use into `node_modules/.cache`. */
export function pythonSetup(options: SetupOptions = {}): Promise<PythonSetup> {
  const key = JSON.stringify(options);
  const known = setups.get(key) ?? install(options);
  setups.set(key, known);
  return known;
}

/** Why tests of Python cannot run here; undefined where they can. Where `CI` is set it throws instead. */
export async function noPython(options: SetupOptions = {}): Promise<string | undefined> {
  try {
    await pythonSetup(options);
    return undefined;
  } catch (error) {
    if (process.env.CI) throw error;
    return `skipped: ${(error as Error).message.split("\n")[0]}`;
  }
}

async function install({ python, list = "requirements.txt", only }: SetupOptions): Promise<PythonSetup> {
  const { signal } = new AbortController();
  const interpreter = await findInterpreter(python ?? process.env.CLEW_TEST_PYTHON, process.env, signal);
  const packages = join(CACHE, "packages");
  mkdirSync(CACHE, { recursive: true });
  // Programs of an environment name their Python by its path: it has to be made where it stays.
  const lock = join(CACHE, "installing");
  await until("another test to install Python's libraries", () => tryLock(lock), { timeoutMs: 600_000 });
  try {
    await installPackages(interpreter, packages, { env: process.env, signal });
    const wanted = requirements(list, only);
    const hash = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
    const folder = join(CACHE, `${interpreter.version}-${hash}`);
    if (!existsSync(join(folder, "complete"))) await makeEnvironment(interpreter, folder, wanted);
    return { interpreter, bin: join(folder, "bin"), packages };
  } finally {
    rmSync(lock, { force: true });
  }
}

async function makeEnvironment({ command }: Interpreter, folder: string, wanted: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await run(command, ["-m", "venv", folder]);
  const list = join(folder, "requirements.txt");
  writeFileSync(list, wanted);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
  await run(join(folder, "bin", "python"), [...pip, "--requirement", list]);
  renameSync(list, join(folder, "complete"));
}

function requirements(list: string, only: readonly string[] | undefined): string {
  const text = readFileSync(join(FOLDER, list), "utf8");
  if (only === undefined) return text;
  const lines = text.split("\n").filter((line) => only.includes(line.split("==")[0] ?? ""));
  return `${lines.join("\n")}\n`;
}

/** The lock is a file with the id of the process that holds it; one that has ended holds it no longer. */
function tryLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isRunning(Number(readFileSync(file, "utf8")))) rmSync(file, { force: true });
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
