import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineStarted, Listen, StartEngine } from "./engine/messages.ts";
import { EngineNotStarted, StoreLocked } from "./store-errors.ts";

const START_TIMEOUT_MS = 60_000;
/** As much of what the engine printed as an error message can show. */
const SAID_CHARACTERS = 500;

export interface EngineProcess {
  readonly pid: number | undefined;
  /** Where it answers; rejects with `StoreLocked` or `EngineNotStarted`. */
  readonly started: Promise<Listen>;
  /** How it ended: a signal or an exit code, and what it said last. */
  readonly ended: Promise<string>;
  /** Asks it to end, and kills it when it has not after `timeoutMs`. */
  end(timeoutMs: number): Promise<void>;
  kill(): void;
}

/** Starts one engine process. It ends when this process does, however that happens. */
export function startEngine(options: StartEngine): EngineProcess {
  const child = fork(engineEntry(), [options.dataDir], {
    execPath: process.execPath,
    execArgv: [],
    // biome-ignore lint/style/noProcessEnv: the engine's environment is ours, with a thread for each session.
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const said = listenTo(child);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    // After "close" everything it printed has been read.
    child.once("close", (code, signal) =>
      resolve([signal ?? `exit code ${code}`, said()].filter(Boolean).join(": ")),
    );
  });
  return {
    pid: child.pid,
    started: started(child, options, ended),
    ended,
    async end(timeoutMs) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      await ended;
      clearTimeout(timer);
    },
    kill: () => child.kill("SIGKILL"),
  };
}

async function started(child: ChildProcess, options: StartEngine, ended: Promise<string>): Promise<Listen> {
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  const reported = new Promise<EngineStarted | undefined>((resolve) => {
    child.once("message", (message: EngineStarted) => resolve(message));
    void ended.then(() => resolve(undefined));
  });
  child.send(options, () => undefined);
  const message = await reported;
  clearTimeout(timer);
  if (message !== undefined && "listen" in message) return message.listen;
  // chDB says why it does not open the data on the process's standard error only.
  const how = await ended;
  if (/Cannot lock file/.test(how)) {
    throw new StoreLocked(`The data in ${options.dataDir} are in use by another process`);
  }
  throw new EngineNotStarted(`The engine does not start: ${message?.message ?? "it ended"} (${how})`);
}

function listenTo(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-SAID_CHARACTERS);
    });
  }
  return () => said.trim();
}

/** Beside this file: TypeScript in a checkout, JavaScript in a published package. */
function engineEntry(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./engine/main.${extension}`, import.meta.url));
}
