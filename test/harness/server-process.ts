import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiClient } from "@clew/protocol/api/client";
import { EngineSql } from "../../bench/engine-sql.ts";
import { processTree, residentBytes, signal } from "./process-tree.ts";
import { until } from "./until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const ENGINE = "/engine/main.";
/** An engine takes several times as long until it answers. */
const HOLD_MS = 100;

export interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly api: number;
}

export interface ServeOptions {
  /** A new temporary folder by default. */
  readonly dataDir?: string;
  /** Free ones by default. */
  readonly ports?: Ports;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** User and group it runs as. */
  readonly user?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const folders = new Set<string>();
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) for (const { pid } of processTree(child.pid ?? 0)) signal(pid, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when this process ends. */
export function temporaryFolder(name = "clew-test-"): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  folders.add(folder);
  return folder;
}

/** `clew serve` in a process of its own, on loopback; it may still be starting, or have ended. */
export class ServerProcess {
  readonly dataDir: string;
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #ownsFolder: boolean;
  #output = "";
  #notes = "";
  #exit: Ended | undefined;
  #ports: Ports | undefined;

  private constructor(options: ServeOptions) {
    this.dataDir = options.dataDir ?? temporaryFolder();
    this.#ownsFolder = options.dataDir === undefined;
    this.#ports = options.ports;
    const { grpc, http, api } = options.ports ?? { grpc: 0, http: 0, api: 0 };
    const args = [CLEW, "serve", "--json", "--data-dir", this.dataDir];
    args.push("--grpc-port", `${grpc}`, "--http-port", `${http}`, "--api-port", `${api}`);
    const workDir = temporaryFolder();
    const child = spawn(process.execPath, [...args, ...(options.args ?? [])], {
      cwd: workDir,
      env: serveEnvironment(workDir, options.env),
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.user !== undefined && { uid: options.user, gid: options.user }),
    });
    this.#child = child;
    running.add(child);
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#notes = (this.#notes + text).slice(-1_000_000);
    });
    this.ended = once(child, "close").then(([code, name]) => {
      running.delete(child);
      this.#exit = { code, signal: name };
      rmSync(workDir, { recursive: true, force: true });
      return this.#exit;
    });
  }

  /** Begins to start one. */
  static launch(options: ServeOptions = {}): ServerProcess {
    return new ServerProcess(options);
  }

  /** Resolves when what it receives can be queried; rejects with its own words when it ends before. */
  static async start(options: ServeOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.whenReady();
    return server;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get exit(): Ended | undefined {
    return this.#exit;
  }

  /** What it wrote to standard output. */
  get output(): string {
    return this.#output;
  }

  /** What it wrote to standard error, the end of it where it is long. */
  get notes(): string {
    return this.#notes;
  }

  /** Known once it is ready, or when they were given. */
  get ports(): Ports {
    this.#ports ??= portsOf(this.#output);
    if (this.#ports === undefined) throw new Error("The server has not said where it listens");
    return this.#ports;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  get api(): ApiClient {
    return new ApiClient({ baseUrl: this.url });
  }

  /** The embedded engine on its private socket. */
  get engine(): EngineSql {
    return new EngineSql(this.dataDir);
  }

  /** Process id of the engine; rejects when there is none. */
  get enginePid(): number {
    const found = this.#findEngine();
    if (found === undefined) throw new Error("There is no engine process");
    return found;
  }

  /** Stops the engine, and whichever is started instead before that can answer, until it is disposed of. */
  holdEngine(): Disposable {
    const toEngine = (name: NodeJS.Signals) => {
      const pid = this.#findEngine();
      if (pid !== undefined) signal(pid, name);
    };
    const timer = setInterval(toEngine, HOLD_MS, "SIGSTOP");
    toEngine("SIGSTOP");
    return {
      [Symbol.dispose]() {
        clearInterval(timer);
        toEngine("SIGCONT");
      },
    };
  }

  /** Resident bytes of the server's own process, without the engine. */
  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  async whenReady(timeoutMs = START_TIMEOUT_MS): Promise<void> {
    await until("the server to be ready", () => this.exit !== undefined || this.output.includes("\n"), {
      timeoutMs,
    });
    if (this.exit === undefined) return;
    throw new Error(`clew serve ended with ${JSON.stringify(this.exit)}:\n${this.notes}`);
  }

  /** SIGKILL to the server and to everything below it, in one go. */
  async killAll(): Promise<void> {
    const pids = processTree(this.pid).map(({ pid }) => pid);
    for (const pid of pids) signal(pid, "SIGKILL");
    await this.ended;
    await until("the killed processes to be gone", () => pids.every((pid) => processTree(pid).length === 0));
  }

  /** SIGTERM; SIGKILL when it has not ended after a minute. */
  async stop(): Promise<Ended> {
    signal(this.pid, "SIGTERM");
    const timer = setTimeout(() => void this.killAll(), STOP_TIMEOUT_MS);
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }

  /** Ends it however that goes, and deletes its folder unless that was given. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exit === undefined) await this.stop();
    if (!this.#ownsFolder) return;
    rmSync(this.dataDir, { recursive: true, force: true });
    folders.delete(this.dataDir);
  }

  #findEngine(): number | undefined {
    return processTree(this.pid).find(({ command }) => command.includes(ENGINE))?.pid;
  }
}

function portsOf(output: string): Ports | undefined {
  const end = output.indexOf("\n");
  if (end < 0) return undefined;
  const said = JSON.parse(output.slice(0, end)) as Record<keyof Ports, string>;
  const port = (url: string): number => Number(new URL(url).port);
  return { grpc: port(said.grpc), http: port(said.http), api: port(said.api) };
}

/** The caller's environment without anything that configures a server or a client of one. */
export function serveEnvironment(
  home: string,
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE|XDG)_/.test(name));
  return { ...Object.fromEntries(own), HOME: home, ...more };
}

/** Ports that were free a moment ago. */
export async function freePorts(): Promise<Ports> {
  const servers = [0, 0, 0].map((port) => createServer().listen(port, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [grpc, http, api] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return { grpc: grpc!, http: http!, api: api! };
}
