import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadMessage, LoadOrder, LoadPlan, LoadResult } from "./load-plan.ts";
import type { SentTrace } from "./template.ts";

const LOAD = fileURLToPath(new URL("./load.ts", import.meta.url));

/** What a row leaves out is sent like this. */
const DEFAULTS = { protocol: "grpc", profile: "plain", seed: 1, inFlight: 16, connections: 4 } as const;

export type LoadRequest = Omit<LoadPlan, keyof typeof DEFAULTS> & Partial<LoadPlan>;

export interface LoadWatch {
  readonly onAcknowledged?: (trace: SentTrace, atMs: number) => void;
  readonly onProgress?: (acknowledgedSpans: number, refusedSpans: number) => void;
}

/** A load process that sends; `result` resolves when it has its last answer. */
export interface RunningLoad {
  readonly result: Promise<LoadResult>;
  /** Ends a load before its time; the result counts what was sent. */
  readonly stop: () => void;
}

/** Starts a load process and waits until it has made up its spans; then it sends. */
export async function startLoad(request: LoadRequest, watch: LoadWatch = {}): Promise<RunningLoad> {
  const plan: LoadPlan = { ...DEFAULTS, ...request };
  const child = fork(LOAD, [JSON.stringify(plan)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const order = (message: LoadOrder): void => void child.send(message);
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<LoadResult>();
  result.promise.catch(() => undefined);
  child.on("message", (message: LoadMessage) => {
    if (message.type === "ready") ready.resolve();
    else if (message.type === "result") result.resolve(message.result);
    else if (message.type === "progress") watch.onProgress?.(message.acknowledgedSpans, message.refusedSpans);
    else watch.onAcknowledged?.(message.trace, message.atMs);
  });
  void once(child, "exit").then(([code]) => {
    const error = new Error(`The load process ended with ${code}`);
    ready.reject(error);
    result.reject(error);
  });
  await ready.promise;
  order({ type: "go" });
  return { result: result.promise, stop: () => order({ type: "stop" }) };
}

/** Sends everything and returns what came of it. */
export async function runLoad(request: LoadRequest, watch: LoadWatch = {}): Promise<LoadResult> {
  const load = await startLoad(request, watch);
  return await load.result;
}
