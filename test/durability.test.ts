import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { LoadLoop } from "./harness/load-loop.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { isRunning, processesNaming, processTree, signal } from "./harness/process-tree.ts";
import { QueryLoop } from "./harness/query-loop.ts";
import { Sender } from "./harness/sender.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

/** What has happened when the server is killed. */
const MOMENTS: Record<string, (server: ServerProcess, loop: LoadLoop) => Promise<unknown>> = {
  "while it receives": (_, loop) => loop.acknowledges(3000),
  "while a block is inserted": async (server, loop) => {
    await loop.acknowledges(2000);
    const spool = join(server.dataDir, "spool");
    await until("a block on its way into a table", () => readdirSync(spool).length > 0, { pollMs: 1 });
  },
  "between an insert and its being written down": async (server, loop) => {
    await loop.acknowledges(2000);
    signal(server.enginePid, "SIGSTOP");
    // What gathers meanwhile makes an insert long enough to be met.
    await loop.acknowledges(10_000);
    signal(server.enginePid, "SIGCONT");
    await until(
      "an insert whose end its process has not seen",
      async () => {
        if (!(await isInserting(server))) return false;
        signal(server.pid, "SIGSTOP");
        await until("the end of the insert", async () => !(await isInserting(server)));
        if (await isStored(server)) return true;
        signal(server.pid, "SIGCONT");
        return false;
      },
      { pollMs: 1 },
    );
  },
  "while the store is far behind": async (server, loop) => {
    signal(server.enginePid, "SIGSTOP");
    await loop.acknowledges(10_000);
  },
  "right after it was started, with a log to store": async () => undefined,
  "while parts are merged": async (server, loop) => {
    await loop.acknowledges(5000);
    const merging = server.engine.query("OPTIMIZE TABLE spans FINAL").catch(() => undefined);
    const merges = () => server.engine.number("SELECT count() FROM system.merges WHERE table = 'spans'");
    await Promise.race([until("a merge", async () => (await merges()) > 0, { pollMs: 1 }), merging]);
  },
};

/** Whether the engine has a statement under way that brings spans into it: one that its server has sent. */
async function isInserting({ engine }: ServerProcess): Promise<boolean> {
  const running = "SELECT count() FROM system.processes WHERE startsWith(query, 'INSERT INTO spans ')";
  return (await engine.number(running)) > 0;
}

/** Whether spans are stored of the batch that is written down as begun. */
async function isStored({ dataDir, engine }: ServerProcess): Promise<boolean> {
  const progress = JSON.parse(readFileSync(join(dataDir, "ingest", "progress.json"), "utf8"));
  const batch = progress.intent?.batchId;
  return (
    batch !== undefined && (await engine.number(`SELECT count() FROM spans WHERE batch_id = ${batch}`)) > 0
  );
}

test("every acknowledged record is stored once however often the whole server is killed", async (t) => {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  let server = await ServerProcess.start({ dataDir });
  t.after(() => server[Symbol.asyncDispose]());
  using sender = new Sender(server.ports);
  for (const [moment, happened] of Object.entries(MOMENTS)) {
    await t.test(`killed ${moment}`, async () => {
      await using loop = new LoadLoop(load, sender);
      await happened(server, loop);
      await server.killAll();
      await loop.stop();
      assert.deepEqual(processesNaming(dataDir), [], "processes are left behind");
      server = await ServerProcess.start({ dataDir });
      sender.moveTo(server.ports);
    });
  }
  t.diagnostic(
    `${sender.count("traces")} spans acknowledged, ${sender.open.length} requests without an answer`,
  );
  await assertStoredOnce(server, load, sender.acknowledged);
  await sender.retryOpen();
  assert.deepEqual(sender.open, [], "requests are not taken when they come again");
  await assertStoredOnce(server, load, sender.acknowledged);
});

const UNSUMMED = "SELECT (SELECT count() FROM spans) - (SELECT sum(span_count) FROM traces)";

test("summaries that were cut off from their spans by a kill are made good", async (t) => {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  let server = await ServerProcess.start({ dataDir });
  t.after(() => server[Symbol.asyncDispose]());
  using sender = new Sender(server.ports);
  assert.equal(await sender.send(load.next("traces", 100)), "acknowledged");
  await assertStoredOnce(server, load, sender.acknowledged);
  /** Lets a large insert happen, and resolves between its spans and their summaries. */
  const cutOff = () =>
    until("spans without their summaries", async () => {
      signal(server.enginePid, "SIGSTOP");
      for (let n = 0; n < 50; n++) await sender.send(load.next("traces", 1000));
      signal(server.enginePid, "SIGCONT");
      const isBetween = async () => (await server.engine.number(UNSUMMED)) > 0;
      return await until("the moment", isBetween, { timeoutMs: 3000, pollMs: 1 }).catch(() => false);
    });
  await cutOff();
  signal(server.enginePid, "SIGKILL");
  await assertStoredOnce(server, load, sender.acknowledged);
  await cutOff();
  await server.killAll();
  server = await ServerProcess.start({ dataDir });
  await assertStoredOnce(server, load, sender.acknowledged);
});

test("what a killed server had started ends by itself and lets go of the data", async () => {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  const first = await ServerProcess.start({ dataDir });
  using sender = new Sender(first.ports);
  await using loop = new LoadLoop(load, sender);
  await loop.acknowledges(1000);
  const pids = processTree(first.pid).map(({ pid }) => pid);
  assert.ok(pids.includes(first.enginePid));
  signal(first.pid, "SIGKILL");
  await first.ended;
  await loop.stop();
  await using second = await ServerProcess.start({ dataDir });
  await until("its processes to be gone", () => !pids.some(isRunning), { timeoutMs: 10_000 });
  await assertStoredOnce(second, load, sender.acknowledged);
});

async function firstTraceShown(server: ServerProcess): Promise<void> {
  await until("a first trace to be shown", async () => (await server.api.traces()).items.length > 0);
}

/** A query that is under way when something happens to the engine; resolves with how it ended. */
function slowQuery(server: ServerProcess): Promise<string> {
  const sql = "SELECT count() FROM numbers(70) WHERE sleepEachRow(0.1) = 0 SETTINGS max_block_size = 1";
  return server.engine.query(sql).then(
    () => "answered",
    () => "failed",
  );
}

/** What is promised, for a machine that starts a whole server in half of it. */
const ENGINE_BACK_MS = 2000;

test("a killed engine is back within 2 s while receiving goes on, and nothing is lost or doubled", async (t) => {
  const startedAt = performance.now();
  await using server = await ServerProcess.start();
  const allowedMs = Math.max(ENGINE_BACK_MS, 2 * (performance.now() - startedAt));
  const load = new NumberedLoad();
  using sender = new Sender(server.ports);
  await using loop = new LoadLoop(load, sender);
  await firstTraceShown(server);
  await using queries = new QueryLoop(server);
  for (let round = 1; round <= 2; round++) {
    await loop.acknowledges(2000);
    const underWay = slowQuery(server);
    const killed = server.enginePid;
    const killedAt = performance.now();
    signal(killed, "SIGKILL");
    assert.equal(await underWay, "failed");
    const answers = () => server.engine.number("SELECT count() FROM spans");
    await until("the engine to be back", async () => server.enginePid !== killed && (await answers()) > 0);
    const backMs = Math.round(performance.now() - killedAt);
    t.diagnostic(`engine back after ${backMs} ms`);
    assert.ok(backMs < allowedMs, `the engine was away for ${backMs} of ${allowedMs} ms`);
  }
  await loop.acknowledges(1000);
  await loop.stop();
  await queries.stop();
  assert.deepEqual([sender.open, [...sender.refusals]], [[], []], "receiving was interrupted");
  assert.deepEqual([...queries.outcomes.keys()].sort(), ["503 store_unavailable", "ok"]);
  assert.match([...queries.messages].join("\n"), /restarting/);
  await assertStoredOnce(server, load, sender.acknowledged);
});

test("an engine that stands still for 5 s loses and doubles nothing, and receiving goes on", async (t) => {
  await using server = await ServerProcess.start();
  const load = new NumberedLoad();
  using sender = new Sender(server.ports);
  await using loop = new LoadLoop(load, sender);
  await firstTraceShown(server);
  await using queries = new QueryLoop(server);
  const underWay = slowQuery(server);
  const { enginePid } = server;
  signal(enginePid, "SIGSTOP");
  const before = sender.count("traces");
  await sleep(5000);
  const meanwhile = sender.count("traces") - before;
  signal(enginePid, "SIGCONT");
  t.diagnostic(`${meanwhile} spans were acknowledged meanwhile`);
  assert.ok(meanwhile > 1000, `${meanwhile} spans were acknowledged while the engine stood still`);
  assert.equal(await underWay, "answered");
  await loop.stop();
  await queries.stop();
  assert.equal(server.enginePid, enginePid, "the engine was started again for a short stop");
  assert.deepEqual([sender.open, [...sender.refusals]], [[], []], "receiving was interrupted");
  assert.deepEqual(
    [...queries.outcomes.keys()].filter((outcome) => outcome !== "503 store_unavailable"),
    ["ok"],
  );
  assert.ok(queries.slowestMs < 10_000, `an answer took ${queries.slowestMs} ms`);
  await assertStoredOnce(server, load, sender.acknowledged);
});

test("what is sent again is shown once, also after a restart", async (t) => {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  let server = await ServerProcess.start({ dataDir });
  t.after(() => server[Symbol.asyncDispose]());
  using sender = new Sender(server.ports);
  const requests = [
    load.next("traces", 100),
    load.next("traces", 60),
    load.next("logs", 50),
    load.next("metrics", 50),
  ];
  const others = [
    load.request("traces", 50, 100),
    load.request("traces", 0, 160),
    load.request("traces", 7, 1),
  ];
  const sendAll = async (): Promise<void> => {
    for (const request of [...requests, ...requests, ...others]) {
      assert.equal(await sender.send(request), "acknowledged");
    }
  };
  const assertShownOnce = async (): Promise<void> => {
    await assertStoredOnce(server, load, sender.acknowledged);
    const { items } = await server.api.traces({ service: load.service });
    assert.deepEqual(
      items.map(({ spanCount, errorCount, llmCalls }) => [spanCount, errorCount, llmCalls]),
      Array(8).fill([20, 2, 19]),
    );
    for (const { traceId } of items) assert.equal((await server.api.trace(traceId)).n, 20);
    const { stored } = await server.api.status();
    assert.deepEqual([stored?.spans, stored?.traces, stored?.logs, stored?.metricPoints], [160, 8, 50, 50]);
  };
  await sendAll();
  await assertShownOnce();
  for (const end of ["stop", "killAll"] as const) {
    await server[end]();
    server = await ServerProcess.start({ dataDir });
    sender.moveTo(server.ports);
    await sendAll();
    await assertShownOnce();
  }
});
