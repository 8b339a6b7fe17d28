import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/** What a shell says of a command that it cannot find, and of one that it cannot run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface ChildOutcome {
  /** As a shell has it: 128 and the number of the signal that ended it. */
  readonly exitCode: number;
  /** Why it could not be started. */
  readonly problem?: string;
}

/** Runs a command in place of this process: its standard streams, its signals and its end are passed on. */
export function runChild(command: readonly string[], env: NodeJS.ProcessEnv): Promise<ChildOutcome> {
  const { promise, resolve } = Promise.withResolvers<ChildOutcome>();
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env, stdio: "inherit" });
  const stop = passSignals(child);
  child.once("error", (error: NodeJS.ErrnoException) => {
    stop();
    if (error.code === "ENOENT")
      resolve({ exitCode: NOT_FOUND, problem: `${file}: there is no such command` });
    else resolve({ exitCode: NOT_EXECUTABLE, problem: `${file}: it cannot be run (${error.code})` });
  });
  child.once("exit", (code, signal) => {
    stop();
    resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
  });
  return promise;
}

/** A terminal has told the child already what its user typed. */
function passSignals(child: ChildProcess): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      const typed = process.stdin.isTTY === true && (signal === "SIGINT" || signal === "SIGQUIT");
      if (!typed) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}
