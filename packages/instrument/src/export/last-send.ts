/** Runs in a thread of its own while the process that has to end waits: sends what is left. */
import { workerData } from "node:worker_threads";
import { Outbox, type Parcel } from "./outbox.ts";

const { parcels, done, mostMs } = workerData as {
  parcels: readonly Parcel[];
  done: Int32Array<SharedArrayBuffer>;
  mostMs: number;
};
// Sockets of the outbox do not keep a thread running.
const running = setTimeout(() => undefined, mostMs);
const outbox = new Outbox(() => undefined);
for (const parcel of parcels) outbox.put(parcel);
await outbox.send();
clearTimeout(running);
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);
