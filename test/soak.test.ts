import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LoadLoop } from "./harness/load-loop.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { isRunning, processesNaming, processTree } from "./harness/process-tree.ts";
import { QueryLoop } from "./harness/query-loop.ts";
import { Sender } from "./harness/sender.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

/** `CLEW_SOAK_RUNS=50 npm test -- test/soak` is the full one. */
const RUNS = Number(process.env.CLEW_SOAK_RUNS ?? 5);
const STOP_MS = 20_000;
const SPANS = 2000;

/** Sockets of engines whose data folder has a path too long for one. */
function foreignSocketFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^clew-[A-Za-z0-9]{6}$/.test(name));
}

test(`${RUNS} times start, load, query and stop: nothing hangs, crashes, is lost or left behind`, async (t) => {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  const before = foreignSocketFolders();
  const stops: number[] = [];
  using sender = new Sender({ grpc: 0, http: 0, api: 0 });
  for (let run = 1; run <= RUNS; run++) {
    await using server = await ServerProcess.start({ dataDir });
    sender.moveTo(server.ports);
    const pids = processTree(server.pid).map(({ pid }) => pid);
    assert.ok(pids.length > 1);
    await using loop = new LoadLoop(load, sender, { senders: 4, pauseMs: 0 });
    await loop.acknowledges(500);
    await until("a trace to ask for", async () => (await server.api.traces({ limit: 1 })).items.length > 0);
    await using queries = new QueryLoop(server, 6);
    await loop.acknowledges(SPANS);
    // Every other time it is told to end with all of that going on.
    if (run % 2 === 0) await Promise.all([loop.stop(), queries.stop()]);
    const askedAt = performance.now();
    const ended = await server.stop();
    const tookMs = performance.now() - askedAt;
    stops.push(tookMs);
    await Promise.all([loop.stop(), queries.stop()]);
    assert.deepEqual(ended, { code: 0, signal: null }, `run ${run}: ${server.notes}`);
    assert.ok(tookMs < STOP_MS, `run ${run}: it took ${tookMs} ms to end`);
    const logged = server.notes.split("\n").filter((line) => /"level":"(warn|error|fatal)"/.test(line));
    assert.deepEqual(logged, [], `run ${run}`);
    const failures = [...queries.outcomes.keys()].filter((outcome) => /^5(?!03)|^4/.test(outcome));
    assert.deepEqual(failures, [], `run ${run}`);
    assert.deepEqual(pids.filter(isRunning), [], `run ${run}: processes are left`);
    assert.deepEqual(processesNaming(dataDir), [], `run ${run}: processes are left`);
    assert.deepEqual(readdirSync(join(dataDir, "spool")), [], `run ${run}: spool files are left`);
    assert.deepEqual(readdirSync(join(dataDir, "run")), [], `run ${run}: a socket is left`);
    assert.deepEqual(foreignSocketFolders(), before, `run ${run}: a socket's folder is left`);
  }
  const slowest = Math.round(Math.max(...stops));
  t.diagnostic(`${sender.count("traces")} spans in ${RUNS} runs; slowest end ${slowest} ms`);
  await using last = await ServerProcess.start({ dataDir });
  sender.moveTo(last.ports);
  await sender.retryOpen();
  assert.deepEqual(sender.open, []);
  await assertStoredOnce(last, load, sender.acknowledged);
});
