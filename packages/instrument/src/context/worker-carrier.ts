import type { ThreadLink } from "../export/thread-link.ts";
import { isMainThread, workerThreads } from "../threads.ts";
import type { Carrier } from "./child-environment.ts";

/** Where a new thread finds what its maker left for it, among the environment data of threads. */
const KEY = "clew.worker";

/** What a thread gets from who made it. */
interface Left {
  /** Context in which it was made. */
  readonly carrier?: Carrier | undefined;
  /** Where it sends to: the thread that makes it; absent where that is not traced. */
  readonly link?: ThreadLink | undefined;
  /** Of a `CarrierRing`, with the context of each message. */
  readonly messages: SharedArrayBuffer;
}

let found: Left | undefined;

/** Runs what makes a thread, which finds this when it starts. */
export function leaveFor<T>(left: Left, make: () => T): T {
  const { setEnvironmentData } = workerThreads();
  const data = left as unknown as Parameters<typeof setEnvironmentData>[1];
  setEnvironmentData(KEY, data);
  try {
    return make();
  } finally {
    setEnvironmentData(KEY, undefined);
  }
}

/** What was left for this thread, which the agent does not get to see; undefined in the main thread. */
export function leftHere(): Left | undefined {
  if (found !== undefined || isMainThread()) return found;
  const { getEnvironmentData, setEnvironmentData } = workerThreads();
  found = getEnvironmentData(KEY) as unknown as Left | undefined;
  if (found !== undefined) setEnvironmentData(KEY, undefined);
  return found;
}

/** Variables of this thread's environment that the context of its maker replaces; none in the main thread. */
export function workerCarrier(): Partial<Carrier> {
  return leftHere()?.carrier ?? {};
}
