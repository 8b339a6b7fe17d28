import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Asks the system to write a folder's file system to disk. Node has no call for it, and starting `sync` from a
 * large process stops that process for some milliseconds, so a small shell that can start it waits from the
 * beginning. It ends when its input does, at the latest with this process.
 */
export class DiskSync {
  readonly #shell: ChildProcess;
  #waiting: ((status: string) => void)[] = [];

  constructor(folder: string) {
    const target = process.platform === "linux" ? '-f "$1"' : "";
    const script = `while read -r _; do sync ${target}; echo $?; done`;
    this.#shell = spawn("/bin/sh", ["-c", script, "sh", folder], { stdio: ["pipe", "pipe", "ignore"] });
    this.#shell.on("error", () => this.#answer("no shell"));
    this.#shell.on("exit", () => this.#answer("shell ended"));
    this.#shell.stdin?.on("error", () => this.#answer("shell ended"));
    createInterface({ input: this.#shell.stdout! }).on("line", (status) => this.#waiting.shift()?.(status));
  }

  /** Resolves when all that was written before the call is on disk; rejects when that cannot be known. */
  async flush(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null)
      throw new Error("the shell that syncs ended");
    const status = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#shell.stdin?.write("\n");
    });
    if (status !== "0") throw new Error(`sync failed: ${status}`);
  }

  close(): void {
    this.#shell.stdin?.end();
  }

  #answer(status: string): void {
    for (const waiting of this.#waiting) waiting(status);
    this.#waiting = [];
  }
}
