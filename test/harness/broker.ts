import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Broker as BrokerName, installBroker } from "../../scripts/install-brokers.ts";

const READY_MS = 60_000;

/** How one server is started. */
export interface BrokerStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True once it takes requests; asked again and again after its port is open. */
  readonly isReady?: () => Promise<boolean>;
  /** User and group of the process, where it refuses to run as root. */
  readonly user?: number;
}

/** A queue or database server on this machine, with a folder of its own; it ends with the test. */
export class Broker implements AsyncDisposable {
  readonly port: number;
  readonly #name: BrokerName;
  readonly #installed: string;
  readonly #folder: string;
  readonly #how: BrokerStart;
  #child: ChildProcess;
  #said = "";

  private constructor(port: number, name: BrokerName, installed: string, folder: string, how: BrokerStart) {
    this.port = port;
    this.#name = name;
    this.#installed = installed;
    this.#folder = folder;
    this.#how = how;
    this.#child = this.#spawn();
  }

  /** `describe` gets a free port and an empty folder; it may prepare the folder first. */
  static async start(
    name: BrokerName,
    describe: (installed: string, port: number, folder: string) => BrokerStart | Promise<BrokerStart>,
  ): Promise<Broker> {
    const installed = await installBroker(name);
    const [port] = await freePorts(1);
    const folder = mkdtempSync(join(tmpdir(), `clew-${name}-`));
    mkdirSync(join(folder, "tmp"));
    const how = await described(() => describe(installed, port!, folder), folder);
    const broker = new Broker(port!, name, installed, folder, how);
    running.add(broker);
    endWithProcess();
    await broker.#untilReady();
    return broker;
  }

  /** Kills it, and resolves when it has started again with its data, on its port. */
  async restart(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#kill();
    await ended;
    this.#child = this.#spawn();
    await this.#untilReady();
  }

  #spawn(): ChildProcess {
    const { command, args, env, user } = this.#how;
    const child = spawn(command, args, {
      cwd: this.#folder,
      env: {
        ...process.env,
        TMPDIR: join(this.#folder, "tmp"),
        LD_LIBRARY_PATH: libraryPath(this.#installed),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // The server's helpers are ended with it.
      detached: true,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => {
        this.#said = `${this.#said}${text}`.slice(-4000);
      });
    }
    return child;
  }

  async #untilReady(): Promise<void> {
    const { isReady } = this.#how;
    const deadline = performance.now() + READY_MS;
    while (!((await isOpen(this.port)) && (isReady === undefined || (await isReady().catch(() => false))))) {
      if (performance.now() > deadline || this.#child.exitCode !== null) {
        await this[Symbol.asyncDispose]();
        throw new Error(`${this.#name} did not start:\n${this.#said}`);
      }
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    running.delete(this);
    const isRunning = this.#child.exitCode === null && this.#child.signalCode === null;
    this.#kill();
    if (isRunning) await once(this.#child, "exit");
    remove(this.#folder);
  }

  /** For the end of this process, which waits for nothing. */
  endNow(): void {
    this.#kill();
    remove(this.#folder);
  }

  #kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

const running = new Set<Broker>();
let isWatched = false;

/** A test that is stopped from outside leaves no server behind. */
function endWithProcess(): void {
  if (isWatched) return;
  isWatched = true;
  const endAll = () => {
    for (const broker of running) broker.endNow();
    running.clear();
  };
  process.once("exit", endAll);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.once(signal, () => {
      endAll();
      process.kill(process.pid, signal);
    });
  }
}

async function described(
  describe: () => BrokerStart | Promise<BrokerStart>,
  folder: string,
): Promise<BrokerStart> {
  try {
    return await describe();
  } catch (error) {
    remove(folder);
    throw error;
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * Runs a test against a server. Where it cannot be had the test is skipped and says why; on a build server, which
 * sets `CI`, that is a failure.
 */
export async function withBroker<Server extends AsyncDisposable>(
  t: TestContext,
  start: () => Promise<Server>,
  run: (server: Server) => Promise<void>,
): Promise<void> {
  let server: Server;
  try {
    server = await start();
  } catch (error) {
    if (process.env.CI) throw error;
    t.skip(`skipped: ${(error as Error).message.split("\n")[0]}`);
    return;
  }
  await using _ = server;
  await run(server);
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** For `LD_LIBRARY_PATH`: what the server needs and the system may lack. */
export function libraryPath(installed: string): string {
  return [join(installed, "usr/lib/x86_64-linux-gnu"), join(installed, "usr/lib/aarch64-linux-gnu")].join(
    ":",
  );
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
