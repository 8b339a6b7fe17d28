import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PublicError } from "../../errors.ts";
import { whyUntraced } from "../python/untraced.ts";

/** The agents of the demonstration did not do what they should. */
export class DemoFailed extends PublicError {
  readonly code = "demo_failed";
  readonly status = 500;
}

/** A checkout has the agents as an example; the published package brings them along. */
const PLACES = ["../../../../../examples/", "../../../demo/"];
const SHOWN_LINES = 20;

/** Folder with the agents. Throws `DemoFailed`. */
function agentsFolder(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((folder) =>
    existsSync(`${folder}customer-support/start.js`),
  );
  if (found !== undefined) return found;
  throw new DemoFailed("The agents of the demonstration are missing: this package is not complete");
}

/**
 * Runs the customer support agents to their end. `env` has them traced; `onLine` gets what customers and chatbot say.
 * Rejects with `DemoFailed`, or with the signal's reason.
 */
export async function runAgents(
  env: Readonly<Record<string, string | undefined>>,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const start = `${agentsFolder()}customer-support/start.js`;
  const child = spawn(process.execPath, [start], {
    // What starts the agents is not one of them.
    env: { ...env, OTEL_SDK_DISABLED: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      said.push(line);
      if (!/^\s/.test(line) && input === child.stdout) onLine(line);
    });
  }
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const [code] = await once(child, "close");
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (code === 0) return;
  throw new DemoFailed(`The agents ended with ${code}:\n${said.slice(-SHOWN_LINES).join("\n")}`);
}

/**
 * `PYTHON` for the agents: empty where Python would run untraced, so that they run in Node alone. `packages` is where
 * `clew python install` installs.
 */
export async function pythonForAgents(
  env: Readonly<Record<string, string | undefined>>,
  packages: string,
): Promise<Record<string, string>> {
  const { PYTHON: python = "python3" } = env;
  if (python === "") return {};
  const untraced = await whyUntraced([python, "-m", "uvicorn"], env, packages);
  return untraced === undefined ? {} : { PYTHON: "" };
}
