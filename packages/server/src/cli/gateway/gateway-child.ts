import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Logger } from "../../log.ts";
import type { Shell } from "../shell.ts";

export interface GatewayChildOptions {
  readonly shell: Shell;
  readonly log: Logger;
  /** The configuration file with its section. */
  readonly file: string | undefined;
  /** Base URL of the receiver that gets the spans, where the configuration names no other. */
  readonly receiver: string;
}

const CLEW = fileURLToPath(new URL("../../../bin/clew.js", import.meta.url));
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Who ran so long was well: the next wait is short again. */
const WELL_MS = 60_000;
/** Beyond what the configuration lets requests under way have. */
const KILL_MS = 60_000;

/** The gateway of a server: a process of its own, started again when it ends. */
export class GatewayChild {
  /** Where it listens, once it does; none when it could not at first. */
  readonly ready: Promise<readonly string[]>;
  readonly #options: GatewayChildOptions;
  readonly #settle: (urls: readonly string[]) => void;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #isClosing = false;

  constructor(options: GatewayChildOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    this.ready = promise;
    this.#settle = resolve;
    this.#start();
  }

  /** Resolves when requests under way are done and the process has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    const timer = setTimeout(() => child.kill("SIGKILL"), KILL_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(timer);
  }

  #start(): void {
    const { shell, file, receiver, log } = this.#options;
    const args = [CLEW, "gateway", "--json", ...(file === undefined ? [] : ["--config", file])];
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: shell.cwd,
      env: { ...shell.env, CLEW_OTLP_ENDPOINT: shell.env.CLEW_OTLP_ENDPOINT || receiver },
      // When the server is killed, the channel breaks, and the gateway ends too.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => shell.notes.write(text));
    this.#readOutput(child);
    child.on("error", (error) => log.error({ error }, "the gateway could not be started"));
    child.once("exit", (code, signal) => {
      this.#settle([]);
      if (this.#isClosing || shell.signal.aborted) return;
      if (performance.now() - startedAt > WELL_MS) this.#waitMs = FIRST_WAIT_MS;
      log.error({ code, signal, againMs: this.#waitMs }, "the gateway has ended; it is started again");
      this.#timer = setTimeout(() => this.#start(), this.#waitMs);
      this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    });
  }

  /** The first line says where it listens; what follows is its access log. */
  #readOutput(child: ChildProcess): void {
    let first: string | undefined = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (first === undefined) {
        this.#options.shell.output.write(text);
        return;
      }
      first += text;
      const end = first.indexOf("\n");
      if (end === -1) return;
      const rest = first.slice(end + 1);
      this.#settle((JSON.parse(first.slice(0, end)) as { gateway: string[] }).gateway);
      first = undefined;
      if (rest !== "") this.#options.shell.output.write(rest);
    });
  }
}
