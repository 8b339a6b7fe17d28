import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonSetup } from "../harness/python-environment.ts";
import { serveEnvironment, temporaryFolder } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const AGENTS = fileURLToPath(new URL("agents/", import.meta.url));
const LIBRARIES = fileURLToPath(new URL("../libraries/node_modules", import.meta.url));

/** A folder with all agents, where those of Node find their libraries. */
export function agentsFolder(): string {
  const folder = temporaryFolder("clew-interop-");
  cpSync(AGENTS, folder, { recursive: true });
  symlinkSync(LIBRARIES, join(folder, "node_modules"));
  return folder;
}

export interface AgentWords {
  readonly folder: string;
  /** Address of the server's API. */
  readonly url: string;
  /** Words between `clew run` and `--`. */
  readonly options: readonly string[];
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program under `clew run`; Python's libraries and Node are those of the tests. */
export class AgentUnderRun implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #stdout = "";
  #stderr = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, "close");
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  static async start({ folder, url, options, command, env }: AgentWords): Promise<AgentUnderRun> {
    const { bin, packages } = await pythonSetup();
    const words = [CLEW, "run", "--url", url, ...options, "--", ...command];
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: {
        ...serveEnvironment(folder, env),
        PATH: [bin, process.env.PATH].join(delimiter),
        CLEW_PYTHON_PACKAGES: packages,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new AgentUnderRun(child);
  }

  /** What it wrote to standard output. */
  get output(): string {
    return this.#stdout;
  }

  get lines(): string[] {
    return this.#stdout.split("\n").filter((line) => line !== "");
  }

  /** Resolves when `isThere` holds; rejects with what it said when it ends before. */
  async until(what: string, isThere: (agent: AgentUnderRun) => boolean | Promise<boolean>): Promise<void> {
    const found = await until(what, async () => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return "ended";
      return (await isThere(this)) && "there";
    });
    if (found === "ended")
      throw new Error(`The agent ended before ${what}:\n${this.#stdout}\n${this.#stderr}`);
  }

  /** Waits for its end; all it had to send has arrived then. */
  async ended(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const [code] = await this.#closed;
    return { code: code as number | null, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Ends it with SIGTERM, and with SIGKILL where that does not do. */
  async stop(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    const result = await this.ended();
    clearTimeout(timer);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
