import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { residentBytes } from "./process-tree.ts";
import { type Ended, serveEnvironment, temporaryFolder } from "./server-process.ts";
import { until } from "./until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));

export interface GatewayOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Text of its `clew.yaml`. */
  readonly config?: string;
}

/** `clew gateway` in a process of its own, on a free port of loopback. */
export class GatewayProcess implements AsyncDisposable {
  readonly ended: Promise<Ended>;
  /** Its working folder. */
  readonly folder = temporaryFolder("clew-gateway-");
  readonly #child: ChildProcess;
  #output = "";
  #notes = "";
  #exit: Ended | undefined;

  private constructor({ args = [], env = {}, config }: GatewayOptions) {
    if (config !== undefined) this.configure(config);
    const listen = config === undefined ? ["--port", "0"] : ["--config", this.configFile];
    this.#child = spawn(process.execPath, [CLEW, "gateway", "--json", ...listen, ...args], {
      cwd: this.folder,
      env: serveEnvironment(this.folder, env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#notes = (this.#notes + text).slice(-1_000_000);
    });
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      this.#exit = { code, signal };
      return this.#exit;
    });
  }

  /** Resolves when it listens; rejects with its own words when it ends before. */
  static async start(options: GatewayOptions = {}): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(options);
    await until("the gateway to listen", () => gateway.#exit !== undefined || gateway.#output.includes("\n"));
    if (gateway.#exit === undefined) return gateway;
    throw new Error(`clew gateway ended with ${JSON.stringify(gateway.#exit)}:\n${gateway.#notes}`);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get configFile(): string {
    return join(this.folder, "clew.yaml");
  }

  get url(): string {
    const [line = ""] = this.#output.split("\n", 1);
    return (JSON.parse(line) as { gateway: string[] }).gateway[0]!;
  }

  /** What it wrote to standard output after the line that says where it is. */
  get lines(): readonly string[] {
    return this.#output.split("\n").slice(1).filter(Boolean);
  }

  /** What it wrote to standard error. */
  get notes(): string {
    return this.#notes;
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  configure(text: string): void {
    writeFileSync(this.configFile, text);
  }

  async metrics(): Promise<string> {
    return await (await fetch(`${this.url}/metrics`)).text();
  }

  /** SIGTERM; all spans have been sent when it resolves. */
  async stop(): Promise<Ended> {
    if (this.#exit === undefined) this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 30_000);
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
