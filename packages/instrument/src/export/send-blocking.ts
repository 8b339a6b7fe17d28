import { untracedWorker } from "../threads.ts";
import type { Parcel } from "./outbox.ts";

/**
 * Sends parcels while the calling thread waits, at most `mostMs`. For a process that ends within this call: the
 * thread that sends is not stopped.
 */
export function sendBlocking(parcels: readonly Parcel[], mostMs: number): void {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const Worker = untracedWorker();
  const worker = new Worker(new URL("./last-send.mjs", import.meta.url), {
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
