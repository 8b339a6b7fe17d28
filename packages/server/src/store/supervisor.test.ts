import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { answersPing } from "./ping.ts";
import { EngineNotStarted, StoreLocked } from "./store-errors.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";

const log = { info() {}, warn() {}, error() {} };

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "clew-engine-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(t: TestContext, options: Partial<SupervisorOptions> = {}): Promise<Supervisor> {
  const supervisor = await Supervisor.start({ dataDir: join(newFolder(t), "data"), log, ...options });
  t.after(() => supervisor.close());
  return supervisor;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for what the test is about; what never comes true fails the test. */
async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) assert.fail(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function socketOf(supervisor: Supervisor): string {
  assert.ok("socket" in supervisor.address);
  return supervisor.address.socket;
}

test("nobody but the owner reaches the socket or reads the data", async (t) => {
  const supervisor = await start(t);
  const socket = socketOf(supervisor);
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
  assert.equal(statSync(join(supervisor.dataDir, "engine")).mode & 0o077, 0);
  assert.equal(await answersPing(supervisor.address, 5000), true);
});

test("a long path is no hindrance, and nothing of the socket is left behind", async (t) => {
  const dataDir = join(newFolder(t), "a".repeat(120), "data");
  const supervisor = await start(t, { dataDir });
  const socket = socketOf(supervisor);
  assert.ok(socket.length <= 100);
  assert.equal(await answersPing(supervisor.address, 5000), true);
  await supervisor.close();
  assert.equal(statSync(dirname(socket), { throwIfNoEntry: false }), undefined);
});

test("data that are in use are refused, and are free again afterwards", async (t) => {
  const first = await start(t);
  await assert.rejects(Supervisor.start({ dataDir: first.dataDir, log }), (error: StoreLocked) => {
    assert.ok(error instanceof StoreLocked);
    assert.equal(error.message, `The data in ${first.dataDir} are in use by another process`);
    return true;
  });
  await first.close();
  const second = await Supervisor.start({ dataDir: first.dataDir, log });
  await second.close();
});

test("an engine that cannot start says why", async (t) => {
  const dataDir = newFolder(t);
  writeFileSync(join(dataDir, "engine"), "not a folder");
  await assert.rejects(Supervisor.start({ dataDir, log }), EngineNotStarted);
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  await assert.rejects(Supervisor.start({ dataDir: join(file, "data"), log }), (error: EngineNotStarted) => {
    assert.ok(error instanceof EngineNotStarted);
    assert.match(error.message, /cannot be made/);
    return true;
  });
});

test("an engine that keeps failing is tried again until it starts", async (t) => {
  const supervisor = await start(t);
  const engine = join(supervisor.dataDir, "engine");
  renameSync(engine, `${engine}-away`);
  writeFileSync(engine, "not a folder");
  process.kill(supervisor.pid!, "SIGKILL");
  await until(() => /does not start/.test(supervisor.trouble), "the second start failed");
  assert.equal(supervisor.state, "restarting");
  rmSync(engine);
  renameSync(`${engine}-away`, engine);
  await until(() => supervisor.state === "ready", "the engine is back");
  assert.equal(supervisor.trouble, "");
});

test("an engine that stands still is replaced", async (t) => {
  const supervisor = await start(t, { tickMs: 100 });
  const { pid } = supervisor;
  process.kill(pid!, "SIGSTOP");
  await until(() => supervisor.pid !== pid && supervisor.state === "ready", "another engine answers");
  assert.equal(isAlive(pid!), false);
});

test("closing ends the engine and takes the socket away", async (t) => {
  const supervisor = await start(t);
  const { pid } = supervisor;
  await Promise.all([supervisor.close(), supervisor.close()]);
  assert.equal(isAlive(pid!), false);
  assert.equal(supervisor.state, "closed");
  assert.deepEqual(readdirSync(dirname(socketOf(supervisor))), []);
});

test("closing kills an engine that does not end by itself", async (t) => {
  const supervisor = await start(t);
  const { pid } = supervisor;
  process.kill(pid!, "SIGSTOP");
  await supervisor.close(100);
  assert.equal(isAlive(pid!), false);
});

/** A process of its own with an engine; resolves with the engine's process id. */
async function startElsewhere(t: TestContext, then: string): Promise<{ parent: ChildProcess; pid: number }> {
  const dataDir = join(newFolder(t), "data");
  mkdirSync(dataDir);
  const source = `
    import { Supervisor } from ${JSON.stringify(new URL("./supervisor.ts", import.meta.url).href)};
    const log = { info() {}, warn() {}, error() {} };
    const supervisor = await Supervisor.start({ dataDir: ${JSON.stringify(dataDir)}, log });
    process.stdout.write(String(supervisor.pid) + "\\n");
    ${then}`;
  const args = ["--input-type=module-typescript", "--eval", source];
  const parent = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => parent.kill("SIGKILL"));
  const [output] = await once(parent.stdout, "data");
  return { parent, pid: Number(String(output)) };
}

test("no engine is left behind by a parent that is killed", async (t) => {
  const { parent, pid } = await startElsewhere(t, "");
  assert.equal(isAlive(pid), true);
  parent.kill("SIGKILL");
  await until(() => !isAlive(pid), "the engine ended");
});

test("no engine is left behind by a parent that just exits", async (t) => {
  const { pid } = await startElsewhere(t, "process.exit(0);");
  await until(() => !isAlive(pid), "the engine ended");
});
