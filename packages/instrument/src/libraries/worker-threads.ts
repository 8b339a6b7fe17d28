import { createRequire } from "node:module";
import { context } from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { carrierOf } from "../context/child-environment.ts";
import { WORKER_CARRIER } from "../context/worker-carrier.ts";
import type { Library } from "../library.ts";

type Constructor = new (...args: unknown[]) => object;

interface Exports {
  Worker: Constructor & { prototype: { constructor: unknown } };
  setEnvironmentData(key: unknown, value?: unknown): void;
}

/**
 * `node:worker_threads`: a worker, which loads the preload itself because it inherits `--import`, continues the
 * trace in whose context it was made. The context travels in the environment data of threads, where an agent
 * that does not know the key sees nothing; messages and `workerData` stay as they are. There is no span of its
 * own: what a worker does is seen in the spans it makes.
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
        const own = createRequire(import.meta.url)("node:worker_threads") as Exports;
        const Worker = tracedWorker(own);
        own.Worker = Worker;
        exports.Worker = Worker;
      });
      return exports;
    });
  }
}

let traced: Exports["Worker"] | undefined;

/** The same class, which leaves the carrier where the new thread finds it. */
function tracedWorker(own: Exports): Exports["Worker"] {
  if (traced !== undefined) return traced;
  const { Worker, setEnvironmentData } = own;
  traced = new Proxy(Worker, {
    construct(target, args, newTarget) {
      attempt("worker_threads", () => setEnvironmentData(WORKER_CARRIER, carrierOf(context.active())));
      try {
        return Reflect.construct(target, args, newTarget);
      } finally {
        attempt("worker_threads", () => setEnvironmentData(WORKER_CARRIER, undefined));
      }
    },
  });
  Worker.prototype.constructor = traced;
  return traced;
}
