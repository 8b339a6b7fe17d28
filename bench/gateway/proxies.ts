import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { say, sleep } from "../progress.ts";
import type { LoadTarget } from "./http-load.ts";

const CLEW =
  process.env.CLEW_BENCH_BIN ?? fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const PORTKEY = "@portkey-ai/gateway@1.15.2";
const START_MS = 30_000;
const INSTALL_MS = 180_000;

/** Of the proxy that is measured; the load and the model server have the other one. */
const PROXY_CORE = "1";
const LOAD_CORE = "0";

/** A proxy before the model server, or the model server itself. */
export interface Subject extends Disposable {
  readonly target: LoadTarget;
  readonly pid: number;
}

const TASKSET = "/usr/bin/taskset";
const hasCores = availableParallelism() > 1 && existsSync(TASKSET);

/** Whether the proxies have a core of their own. */
export const isPinned = hasCores;

/** Keeps this process off the core of the proxies. */
export function pinLoad(): void {
  if (hasCores) execFileSync(TASKSET, ["-cp", LOAD_CORE, String(process.pid)], { stdio: "ignore" });
}

/** The model server. */
export async function startModel(): Promise<Subject> {
  const file = fileURLToPath(new URL("./model-server.ts", import.meta.url));
  const child = start(LOAD_CORE, [file]);
  return subject(child, Number(await firstLine(child)), "/v1/chat/completions", {});
}

export async function startPlain(modelPort: number): Promise<Subject> {
  const file = fileURLToPath(new URL("./plain-proxy.ts", import.meta.url));
  const child = start(PROXY_CORE, [file, String(modelPort)]);
  return subject(child, Number(await firstLine(child)), "/v1/chat/completions", {});
}

/** `clew gateway` as it is by itself: everything traced, tokens read, spans sent to a collector that takes them all. */
export async function startClew(modelPort: number): Promise<Subject> {
  const collector = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
  const otlp = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const args = [CLEW, "gateway", "--json", "--port", "0", "--otlp", otlp];
  args.push("--upstream", `openai=http://127.0.0.1:${modelPort}/v1`);
  const child = start(PROXY_CORE, args, folder);
  const { gateway } = JSON.parse(await firstLine(child)) as { gateway: string[] };
  const port = Number(new URL(gateway[0] ?? "").port);
  const made = subject(child, port, "/openai/v1/chat/completions", { authorization: "Bearer none" });
  return {
    ...made,
    [Symbol.dispose]() {
      made[Symbol.dispose]();
      collector.closeAllConnections();
      collector.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Portkey's gateway, installed into a temporary folder. Rejects where the registry can't be reached. */
export async function startPortkey(modelPort: number): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "clew-bench-portkey-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    say(`installing ${PORTKEY}`);
    await install(folder);
    const port = await freePort();
    const entry = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
    const child = start(PROXY_CORE, [entry, `--port=${port}`, "--headless"], folder, {
      TRUSTED_CUSTOM_HOSTS: "localhost,127.0.0.1",
    });
    child.stdout?.resume();
    await whenOpen(port);
    const made = subject(child, port, "/v1/chat/completions", {
      authorization: "Bearer none",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${modelPort}/v1`,
    });
    return {
      ...made,
      [Symbol.dispose]() {
        made[Symbol.dispose]();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function install(folder: string): Promise<void> {
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--omit=dev", PORTKEY];
  const child = spawn("npm", args, { cwd: folder, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), INSTALL_MS);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  if (code !== 0) throw new Error(`skipped: npm could not install ${PORTKEY}; is there a registry?`);
}

function start(
  core: string,
  args: readonly string[],
  cwd = tmpdir(),
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
  const [file, ...rest] = hasCores
    ? [TASKSET, "-c", core, process.execPath, ...args]
    : [process.execPath, ...args];
  const env = { ...Object.fromEntries(own), XDG_DATA_HOME: cwd, ...more };
  const child = spawn(file ?? "", rest, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

function subject(
  child: ChildProcess,
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Subject {
  return { target: { port, path, headers }, pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill() };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("It has no output");
  const lines = createInterface(child.stdout);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`It ended with ${code} before it listened`);
  });
  const [line] = await Promise.race([once(lines, "line"), ended]);
  ended.catch(() => undefined);
  return line;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function whenOpen(port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "close").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    if (performance.now() > deadline) throw new Error(`Nothing listens on ${port}`);
    await sleep(100);
  }
}
