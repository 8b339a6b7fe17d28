import { Worker } from "node:worker_threads";
import type { Parcel } from "./outbox.ts";

/** Taken before anybody can wrap it. */
const OwnWorker = Worker;

/**
 * Sends parcels while the calling thread waits, at most `mostMs`. For a process that ends within this call: the
 * thread that sends is not stopped.
 */
export function sendBlocking(parcels: readonly Parcel[], mostMs: number): void {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new OwnWorker(new URL("./last-send.mjs", import.meta.url), {
    workerData: { parcels, done, mostMs },
    execArgv: [],
    env: {},
    stdout: true,
    stderr: true,
  });
  worker.on("error", () => undefined);
  worker.unref();
  Atomics.wait(done, 0, 0, mostMs);
}
