import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { CommittedEnd } from "./committed-end.ts";
import { DurableLog } from "./durable-log.ts";

test("an end survives packing up to the largest segment and offset", () => {
  const end = new CommittedEnd();
  const largest = { segment: 2 ** 31 - 1, offset: 2 ** 32 - 1 };
  end.store(largest);
  assert.deepEqual(end.load(), largest);
});

test("waiting for a change ends at once when it has happened, and unchanged when time is up", async () => {
  const end = new CommittedEnd();
  end.store({ segment: 1, offset: 32 });
  assert.deepEqual(await end.changed({ segment: 0, offset: 0 }, 60_000), { segment: 1, offset: 32 });
  const seen = end.load();
  // The wait alone does not keep a thread alive.
  const alive = setInterval(() => undefined, 1_000);
  assert.deepEqual(await end.changed(seen, 10), seen);
  clearInterval(alive);
});

test("a worker thread follows the log while it is written", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "clew-tail-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const log = await DurableLog.open({ dir, segmentBytes: 10_000 });
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const worker = new Worker(
    `import { parentPort, workerData } from "node:worker_threads";
     const { CommittedEnd } = await import(${module("./committed-end.ts")});
     const { LogReader } = await import(${module("./log-reader.ts")});
     const end = new CommittedEnd(workerData.memory);
     const reader = new LogReader({ dir: workerData.dir });
     const alive = setInterval(() => {}, 1000);
     let at = { segment: 0, offset: 0 }, seen = 0;
     while (seen < workerData.count) {
       const to = await end.changed(at, 5000);
       for await (const batch of reader.read(at, to)) {
         for (const record of batch.records) if (String(record.body).split(" ")[0] !== String(seen++)) throw new Error("out of order");
       }
       at = to;
     }
     clearInterval(alive);
     await reader.close();
     parentPort.postMessage(seen);`,
    { eval: true, workerData: { memory: log.committed.memory, dir, count: 300 } },
  );
  const seen = new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  for (let i = 0; i < 300; i++) {
    const appended = log.append("traces", Buffer.from(`${i} ${"t".repeat(i)}`));
    if (i % 10 === 0) await appended;
  }
  assert.equal(await seen, 300);
  await worker.terminate();
  await log.close();
});
