import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { outputOf } from "./output-of.ts";
import { serveEnvironment, temporaryFolder } from "./server-process.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string | Uint8Array;
  /** It is ended with SIGINT, as by Ctrl-C, when this resolves. */
  readonly until?: (output: () => string) => Promise<unknown>;
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line of `clew` with pipes instead of a terminal, to its end. */
export async function runClew(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const cwd = options.cwd ?? temporaryFolder();
  const env = serveEnvironment(cwd, options.env);
  const child = spawn(process.execPath, [CLEW, ...args], { cwd, env, stdio: "pipe" });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 60_000);
  const output = outputOf(child);
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const closed = once(child, "close");
  if (options.until !== undefined) {
    await options.until(() => output.stdout).finally(() => child.kill("SIGINT"));
  }
  const [code] = await closed;
  clearTimeout(timer);
  return { code, ...output };
}
