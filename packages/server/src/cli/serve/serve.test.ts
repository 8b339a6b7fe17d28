import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const CLEW = fileURLToPath(new URL("../../../bin/clew.js", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "clew-serve-"));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** What it prints on a line once it is ready. */
  readonly ready: Promise<{ api: string; grpc: string; http: string; data: string }>;
  readonly ended: Promise<{ code: number | null; signal: string | null; said: string }>;
}

function serve(dataDir: string, args: readonly string[] = [], env: Record<string, string> = {}): Started {
  const ports = ["--grpc-port", "0", "--http-port", "0", "--api-port", "0"];
  const child = spawn(process.execPath, [CLEW, "serve", "--json", "--data-dir", dataDir, ...ports, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ready = new Promise<never>((resolve, reject) => {
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.endsWith("\n")) resolve(JSON.parse(output) as never);
    });
    child.once("close", () => reject(new Error(`it ended: ${said}`)));
  });
  ready.catch(() => undefined);
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, said }));
  return { child, ready, ended };
}

function span(name: string): string {
  const spans = [
    {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "00f067aa0ba902b7",
      name,
      startTimeUnixNano: "1",
      endTimeUnixNano: "2",
    },
  ];
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function send(http: string, name: string): Promise<Response> {
  return fetch(`${http}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: span(name),
  });
}

/** Processes whose command line names the folder. */
async function processesOf(folder: string): Promise<string> {
  const ps = spawn("ps", ["-eo", "pid,args"], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  ps.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  await once(ps, "close");
  return text
    .split("\n")
    .filter((line) => line.includes(folder))
    .join("\n");
}

test("a server takes spans, says where it is, and ends without leaving a process on SIGTERM", async () => {
  const dataDir = join(root, "one");
  const { child, ready, ended } = serve(dataDir);
  const { http, data } = await ready;
  assert.equal(data, dataDir);
  assert.equal((await send(http, "hello")).status, 200);
  child.kill("SIGTERM");
  const { code, said } = await ended;
  assert.equal(code, 0, said);
  assert.equal(await processesOf(dataDir), "");
  assert.equal(existsSync(join(dataDir, "server.json")), false);
});

test("a second server on the same data is refused in one line that names the first", async () => {
  const dataDir = join(root, "two");
  const first = serve(dataDir);
  const { api } = await first.ready;
  const second = await serve(dataDir).ended;
  assert.equal(second.code, 1);
  assert.equal(
    second.said,
    `clew: Another Clew server (process ${first.child.pid} at ${api}) already uses the data folder ${dataDir}; ` +
      "stop it, or choose another with --data-dir\n",
  );
  first.child.kill("SIGINT");
  assert.equal((await first.ended).code, 0);
});

test("a server that was killed leaves its data to the next, and no process behind", async () => {
  const dataDir = join(root, "three");
  const first = serve(dataDir);
  await send((await first.ready).http, "kept");
  first.child.kill("SIGKILL");
  await first.ended;
  const next = serve(dataDir);
  await next.ready;
  next.child.kill("SIGTERM");
  assert.equal((await next.ended).code, 0);
  assert.equal(await processesOf(dataDir), "");
});

test("a port that is taken is one line with the setting to change, and nothing stays open", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  for (const name of ["grpc", "http", "api"]) {
    const { code, said } = await serve(join(root, "four"), [`--${name}-port`, String(port)]).ended;
    assert.equal(code, 1, said);
    assert.match(
      said,
      new RegExp(`^clew: Port ${port} is taken, .*--${name}-port or CLEW_${name.toUpperCase()}_PORT\\n$`),
    );
  }
  holder.close();
});

test("a data folder that cannot be is one line", async () => {
  writeFileSync(join(root, "file"), "");
  for (const dataDir of [join(root, "file"), join(root, "file", "below")]) {
    const { code, said } = await serve(dataDir).ended;
    assert.equal(code, 1);
    assert.match(
      said,
      /^clew: The data folder .* cannot be used: (it is|part of its path is) a file; choose another with --data-dir\n$/,
    );
  }
});

test("bad configuration is bad usage, told line by line", async () => {
  writeFileSync(join(root, "bad.yaml"), "httpprot: 1\nretention:\n  days: none\n");
  const { code, said } = await serve(join(root, "five"), ["--config", "bad.yaml"]).ended;
  assert.equal(code, 2);
  assert.equal(
    said,
    "clew: bad.yaml:1: unknown setting httpprot; did you mean httpPort?\n" +
      'bad.yaml:3: retention.days is "none", which is not allowed; it must be a whole number from 1 to 36500\n',
  );
  assert.equal(existsSync(join(root, "five")), false);
});

test("a token is asked for and never printed", async () => {
  const { child, ready, ended } = serve(join(root, "six"), ["--log-level", "debug"], {
    CLEW_TOKEN: "only-for-friends",
  });
  const { http } = await ready;
  assert.equal((await send(http, "x")).status, 401);
  child.kill("SIGTERM");
  assert.doesNotMatch((await ended).said, /only-for-friends/);
});

test("a second signal ends it at once", async () => {
  const dataDir = join(root, "seven");
  const { child, ready, ended } = serve(dataDir);
  await ready;
  const engine = Number(/^\s*(\d+)/.exec(await processesOf(`engine/main.ts ${dataDir}`))?.[1]);
  // An engine that does not move keeps the first signal's orderly end waiting.
  process.kill(engine, "SIGSTOP");
  try {
    child.kill("SIGINT");
    const early = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 700, "waiting"))]);
    assert.equal(early, "waiting");
    child.kill("SIGINT");
    assert.equal((await ended).code, 130);
  } finally {
    process.kill(engine, "SIGKILL");
  }
});

test("started by npm, it ends when the shell that npm runs it in is gone", async () => {
  const dataDir = join(root, "eight");
  const ports = ["--grpc-port", "0", "--http-port", "0", "--api-port", "0"];
  const command = [process.execPath, CLEW, "serve", "--json", "--data-dir", dataDir, ...ports].join(" ");
  // The shell has something left to do, so it cannot become the command.
  const shell = spawn("sh", ["-c", `${command}; true`], {
    env: { PATH: process.env.PATH, HOME: root, npm_execpath: "npm" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(shell);
  await once(shell.stdout, "data");
  shell.kill("SIGKILL");
  let left = "";
  for (let tries = 40; tries > 0; tries--) {
    left = await processesOf(dataDir);
    if (left === "") break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.equal(left, "");
});
