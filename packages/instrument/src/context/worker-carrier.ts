import { getEnvironmentData, isMainThread } from "node:worker_threads";
import type { Carrier } from "./child-environment.ts";

/** Where a thread finds the context in which it was made, among the environment data of threads. */
export const WORKER_CARRIER = "clew.worker.carrier";

/** Variables of this thread's environment that its maker's context replaces; none in the main thread. */
export function workerCarrier(): Partial<Carrier> {
  if (isMainThread) return {};
  return (getEnvironmentData(WORKER_CARRIER) as unknown as Carrier | undefined) ?? {};
}
