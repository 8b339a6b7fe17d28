import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Asks the system to write a folder's file system to disk. Node has no call for it, and starting `sync` from a
 * large process stops that process for some milliseconds, so a small shell that can start it waits from the
 * beginning. It ends when its input does, at the latest with this process.
 */
export class DiskSync {
  readonly #folder: string;
  #shell: ChildProcess;
  #ended = false;
  #closed = false;
  #waiting: ((status: string) => void)[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#shell = this.#start();
  }

  /**
   * Resolves when all that was written before the call is on disk; rejects when that cannot be known. A shell
   * that somebody ended is started again.
   */
  async flush(): Promise<void> {
    if (this.#closed) throw new Error("syncing has ended");
    if (this.#ended) this.#shell = this.#start();
    const status = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#shell.stdin?.write("\n");
    });
    if (status !== "0") throw new Error(`sync failed: ${status}`);
  }

  close(): void {
    this.#closed = true;
    this.#shell.stdin?.end();
  }

  #start(): ChildProcess {
    const target = process.platform === "linux" ? '-f "$1"' : "";
    const script = `while read -r _; do sync ${target}; echo $?; done`;
    const shell = spawn("/bin/sh", ["-c", script, "sh", this.#folder], { stdio: ["pipe", "pipe", "ignore"] });
    const end = (why: string) => {
      if (this.#shell !== shell) return;
      this.#ended = true;
      this.#answer(why);
    };
    shell.on("error", () => end("no shell"));
    shell.on("exit", () => end("shell ended"));
    shell.stdin.on("error", () => end("shell ended"));
    this.#ended = false;
    createInterface({ input: shell.stdout }).on("line", (status) => this.#waiting.shift()?.(status));
    return shell;
  }

  #answer(status: string): void {
    for (const waiting of this.#waiting) waiting(status);
    this.#waiting = [];
  }
}
