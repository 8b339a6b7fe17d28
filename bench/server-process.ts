import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiClient } from "@clew/protocol/api/client";
import { EngineSql } from "./engine-sql.ts";
import { cpuSecondsOf } from "./measure.ts";
import { say, sleep } from "./progress.ts";

/** This checkout's `clew`, or another release of it to compare with. */
const CLEW =
  process.env.CLEW_BENCH_BIN ?? fileURLToPath(new URL("../packages/server/bin/clew.js", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 5;
/** Asking costs the server a millisecond or two, which counts in what is measured. */
const STORED_POLL_MS = 250;
/** Storing and merging count as ended when the server used less than this of one core for this long. */
const QUIET = { share: 0.05, seconds: 3 };

export interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly api: number;
}

/** What a start took, from the moment the process was asked for. */
export interface StartTimes {
  /** Until the OTLP ports accept connections. */
  readonly listeningMs: number;
  /** Until `/readyz` says yes. */
  readonly readyMs: number;
}

/** `clew serve` in a process of its own, on loopback, with a temporary data folder and no configuration. */
export class ServerProcess {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly start: StartTimes;
  readonly api: ApiClient;
  readonly engine: EngineSql;
  readonly #child: ChildProcess;

  private constructor(dataDir: string, ports: Ports, start: StartTimes, child: ChildProcess) {
    this.dataDir = dataDir;
    this.ports = ports;
    this.start = start;
    this.#child = child;
    this.api = new ApiClient({ baseUrl: `http://127.0.0.1:${ports.api}` });
    this.engine = new EngineSql(dataDir);
  }

  /** Starts one on a folder, a new one by default. Rejects with the server's own words when it ends early. */
  static async start(
    dataDir = mkdtempSync(join(tmpdir(), "clew-bench-")),
    options: readonly string[] = [],
  ): Promise<ServerProcess> {
    const [grpc, http, api] = await freePorts(3);
    const ports = { grpc: grpc!, http: http!, api: api! };
    const args = [CLEW, "serve", "--data-dir", dataDir, ...options];
    args.push("--grpc-port", String(ports.grpc), "--http-port", String(ports.http));
    args.push("--api-port", String(ports.api));
    const begunAt = performance.now();
    const child = spawn(process.execPath, args, { cwd: dataDir, env: environment(dataDir), stdio: "pipe" });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4000);
      });
    }
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`clew serve ended with ${code}:\n${said}`);
    });
    const cleanUp = (): void => {
      child.kill("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    };
    process.once("exit", cleanUp);
    ended.catch(() => process.off("exit", cleanUp));
    try {
      await Promise.race([ended, whenAccepting([ports.grpc, ports.http])]);
      const listeningMs = performance.now() - begunAt;
      await Promise.race([ended, whenReady(new ApiClient({ baseUrl: `http://127.0.0.1:${ports.api}` }))]);
      const start = { listeningMs, readyMs: performance.now() - begunAt };
      return new ServerProcess(dataDir, ports, start, child);
    } catch (error) {
      cleanUp();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.pid);
  }

  /** Spans that queries can see. */
  storedSpans(): Promise<number> {
    return this.engine.number("SELECT count() FROM spans");
  }

  /** Resolves when this many spans are stored; rejects after `timeoutMs` with how far it came. */
  async whenStored(spans: number, timeoutMs = 180_000): Promise<void> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const stored = await this.storedSpans();
      if (stored >= spans) return;
      if (performance.now() > until) throw new Error(`${stored} of ${spans} spans are stored`);
      await sleep(STORED_POLL_MS);
    }
  }

  /** Resolves when nothing is merged and the server is quiet; at the latest after `timeoutMs`. */
  async whenQuiet(timeoutMs = 120_000): Promise<void> {
    const until = performance.now() + timeoutMs;
    let since = performance.now();
    let cpu = this.cpuSeconds();
    while (performance.now() < until) {
      await sleep(500);
      const now = performance.now();
      const used = this.cpuSeconds();
      const merges = await this.engine.number("SELECT count() FROM system.merges");
      if (merges > 0 || used - cpu > QUIET.share * Math.max(1, (now - since) / 1000)) {
        since = now;
        cpu = used;
      } else if (now - since >= QUIET.seconds * 1000) return;
    }
    say("the server did not become quiet in time");
  }

  /** Bytes of all files in the data folder. */
  diskBytes(): number {
    return sizeOfFolder(this.dataDir);
  }

  /** SIGTERM, and SIGKILL after a minute; the folder stays. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }

  /** Stops the server and deletes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The caller's environment without anything that configures a server. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
  return { ...Object.fromEntries(own), XDG_CONFIG_HOME: dataDir, NO_COLOR: "1" };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}

async function whenAccepting(ports: readonly number[]): Promise<void> {
  const until = performance.now() + START_TIMEOUT_MS;
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (performance.now() > until) throw new Error(`Nothing listens on port ${port}`);
      await sleep(POLL_MS);
    }
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function whenReady(client: ApiClient): Promise<void> {
  const until = performance.now() + START_TIMEOUT_MS;
  while (!(await client.ready())) {
    if (performance.now() > until) throw new Error("The server does not become ready");
    await sleep(POLL_MS);
  }
}

function sizeOfFolder(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    try {
      bytes += statSync(join(entry.parentPath, entry.name)).blocks * 512;
    } catch {
      // Files of merged parts vanish while they are counted.
    }
  }
  return bytes;
}
