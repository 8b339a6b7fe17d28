import { fileURLToPath } from "node:url";
import type { WorkerOptions } from "node:worker_threads";
import { context } from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { CarrierRing } from "../context/carrier-ring.ts";
import { type Carrier, carrierOf } from "../context/child-environment.ts";
import { followingReceive, restoreContextOfMessages } from "../context/received-messages.ts";
import { leaveFor } from "../context/worker-carrier.ts";
import { type ChildThread, childThreads } from "../export/child-threads.ts";
import type { Library } from "../library.ts";
import { workerThreads as nodeThreads } from "../threads.ts";

type Constructor = new (...args: unknown[]) => object;
type Method = (this: object, ...args: unknown[]) => unknown;

interface Exports {
  Worker: Constructor & { readonly prototype: { constructor: unknown; postMessage: Method; emit: Method } };
  receiveMessageOnPort(port: unknown): { readonly message: unknown } | undefined;
}

/**
 * `node:worker_threads`: a worker, which loads the preload itself because it inherits `--import`, continues the
 * trace in whose context it was made, and handles each message of `worker.postMessage` in the context in which
 * that was called. Both travel in shared memory beside the agent's data: messages, `workerData` and the
 * environment stay as they are. There is no span of its own: what a worker does is seen in the spans it makes.
 * These are sent by the thread that made the worker, so that they arrive also when it is stopped by `terminate`.
 *
 * Messages over ports of the agent's own bring no context (those of pools do: `worker-pools.ts`), and neither do those back to the parent, whose
 * listeners run in the context in which the worker was made.
 */
export const workerThreads: Library = {
  name: "worker_threads",
  instrumentation: () => new WorkerThreadsInstrumentation(),
};

class WorkerThreadsInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.worker_threads", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition("worker_threads", ["*"], (exports: Exports) => {
      attempt("worker_threads", () => {
        const own = nodeThreads() as unknown as Exports;
        replaced ??= replacementsOf(own);
        Object.assign(own, replaced);
        exports.Worker = replaced.Worker;
        exports.receiveMessageOnPort = replaced.receiveMessageOnPort;
      });
      return exports;
    });
  }

  override enable(): void {
    super.enable();
    attempt("worker_threads", restoreContextOfMessages);
  }
}

let replaced: Exports | undefined;

function replacementsOf({ Worker, receiveMessageOnPort }: Exports): Exports {
  patchPost(Worker.prototype);
  patchEmit(Worker.prototype);
  return { Worker: tracedWorker(Worker), receiveMessageOnPort: followingReceive(receiveMessageOnPort) };
}

/** Of each worker: contexts of its messages, and how many were posted. */
const posted = new WeakMap<object, { readonly ring: CarrierRing; count: number }>();

/** The same class, which leaves for a new thread what that finds when it starts. */
function tracedWorker(Worker: Exports["Worker"]): Exports["Worker"] {
  const traced = new Proxy(Worker, {
    construct(target, args, newTarget) {
      const ring = new CarrierRing();
      const carrier = attempt("worker_threads", () => carrierOf(context.active()));
      const given = attempt("worker_threads", () => withPreload(args)) ?? args;
      const thread = attempt("worker_threads", () => childThreads()?.open());
      try {
        const worker = leaveFor({ carrier, messages: ring.memory, link: thread?.link }, () =>
          Reflect.construct(target, given, newTarget),
        );
        posted.set(worker, { ring, count: 0 });
        if (thread !== undefined) threads.set(worker, thread);
        return worker;
      } catch (error) {
        attempt("worker_threads", () => thread?.end());
        throw error;
      }
    },
  });
  Worker.prototype.constructor = traced;
  return traced;
}

const STRICT = /^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(["'])use strict\2/;

/**
 * A worker that is given its source runs that before the modules that `--import` names. Its arguments could name
 * others, but not all that Node itself was started with are allowed there; so the source loads the preload, on its
 * first line.
 */
function withPreload([source, options, ...rest]: unknown[]): unknown[] {
  const isSource = (options as WorkerOptions | undefined)?.eval === true && typeof source === "string";
  if (!isSource || source.startsWith("#!")) return [source, options, ...rest];
  const preload = JSON.stringify(fileURLToPath(new URL("./register.cjs", import.meta.url)));
  const load = `process.getBuiltinModule("module").createRequire(${preload})(${preload});`;
  return [`${STRICT.test(source) ? '"use strict";' : ""}${load}${source}`, options, ...rest];
}

/** What is not posted, for it cannot be cloned, has no number. */
function patchPost(prototype: Exports["Worker"]["prototype"]): void {
  const { postMessage } = prototype;
  prototype.postMessage = function (...args) {
    const own = posted.get(this);
    if (own !== undefined) attempt("worker_threads", () => accompany(own.ring, own.count + 1));
    const result = postMessage.apply(this, args);
    if (own !== undefined) own.count++;
    return result;
  };
}

const threads = new WeakMap<object, ChildThread>();

/** The end of a worker is known by its event, which the agent's own listeners do not get to see being listened to. */
function patchEmit(prototype: Exports["Worker"]["prototype"]): void {
  const { emit } = prototype;
  const value: Method = function (event, ...args) {
    if (event === "exit") attempt("worker_threads", () => threads.get(this)?.end());
    return emit.call(this, event, ...args);
  };
  Object.defineProperty(prototype, "emit", { value, configurable: true, writable: true });
}

/** The trace goes before the rest where all is too long. */
function accompany(ring: CarrierRing, number: number): void {
  const carrier: Partial<Carrier> = carrierOf(context.active()) ?? {};
  const { TRACEPARENT, BAGGAGE } = carrier;
  [carrier, { TRACEPARENT, BAGGAGE }, { TRACEPARENT }].some((part) =>
    ring.write(number, JSON.stringify(part)),
  );
}
