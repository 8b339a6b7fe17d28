/**
 * The ingest thread: reads the durable log and writes the store, apart from the receivers, so that encoding
 * never delays an acknowledgement. Started by `pipeline.ts` with `WorkerSettings`.
 */
import { parentPort, workerData } from "node:worker_threads";
import { attachStore } from "../store/attach.ts";
import { Inserter, InsertStopped } from "../store/inserter.ts";
import { resourceRules } from "./encode/batch.ts";
import { KeyTable } from "./encode/key-table.ts";
import { IngestMemory } from "./encode/memory.ts";
import { Origins } from "./encode/origins.ts";
import { TextCache } from "./encode/text-cache.ts";
import { CommittedEnd } from "./log/committed-end.ts";
import { LogReader } from "./log/log-reader.ts";
import { LogToStore } from "./log-to-store.ts";
import { ProgressFile } from "./progress-file.ts";
import { createUnderstand } from "./understand/understand.ts";
import type { WorkerMessage, WorkerOrder, WorkerSettings } from "./worker-messages.ts";

const settings = workerData as WorkerSettings;
const port = parentPort!;
const say = (message: WorkerMessage) => port.postMessage(message);

const keys = new KeyTable();
const store = await attachStore(settings.store);
const inserter = new Inserter(store);
const reader = new LogReader({ dir: settings.dir });
const logToStore = new LogToStore({
  dir: settings.dir,
  reader,
  committed: new CommittedEnd(settings.committed),
  progress: new ProgressFile(settings.dir),
  inserter,
  context: {
    attributes: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, resourceRules),
    scopes: new Origins("scope", keys, () => []),
    understand: createUnderstand({ pricesFile: settings.pricesFile }),
    memory: new IngestMemory(),
  },
  gatherMs: settings.gatherMs,
  onStored: (stored) => say({ type: "stored", stored, duplicates: logToStore.duplicates }),
  onDamage: (damage) => say({ type: "damage", damage }),
});

const troubleTimer = setInterval(() => say({ type: "trouble", trouble: logToStore.trouble }), 1000);
troubleTimer.unref();

port.on("message", (order: WorkerOrder) => {
  logToStore.stop();
  if (order.type === "abandon") inserter.stop();
});

try {
  await logToStore.run();
  say({ type: "ended", complete: true });
} catch (error) {
  if (!(error instanceof InsertStopped)) throw error;
  say({ type: "ended", complete: false });
} finally {
  clearInterval(troubleTimer);
  await reader.close();
  await store.close();
  port.close();
}
