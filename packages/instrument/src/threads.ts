import type { Worker } from "node:worker_threads";

/** Before anybody has hooked it. */
const { getBuiltinModule } = process;

let loaded: typeof import("node:worker_threads") | undefined;
let own: typeof Worker | undefined;

/** `node:worker_threads`, which has Node load its streams: 5 ms of the start of a program that uses neither. */
export function workerThreads(): typeof import("node:worker_threads") {
  loaded ??= getBuiltinModule("node:worker_threads");
  own ??= loaded.Worker;
  return loaded;
}

/** The class of workers as it was when `workerThreads` was called first, which is before it is traced. */
export function untracedWorker(): typeof Worker {
  return own ?? workerThreads().Worker;
}

/** Whether this is the thread in which the process started. */
export function isMainThread(): boolean {
  // A worker cannot change the folder of its process, and says so.
  const { disabled } = process.chdir as { readonly disabled?: true };
  return disabled !== true || workerThreads().isMainThread;
}
