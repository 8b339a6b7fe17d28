import { MessagePort } from "node:worker_threads";
import { type Context, context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { addCarrier } from "../context/task-carrier.ts";
import type { Library } from "../library.ts";
import { instrumentationOf } from "../module-patch.ts";

type Run = (this: unknown, task: unknown, options?: unknown, ...rest: unknown[]) => unknown;
type Post = (this: unknown, ...args: unknown[]) => void;

interface Pool {
  readonly prototype: { run: Run };
}

/**
 * Pools of worker threads. A task runs in the context in which it was given to its pool, however long it waits
 * there, and whichever task made the worker: the pool posts it over a port of its own, later, from somewhere else.
 */
export const piscina: Library = {
  name: "piscina",
  instrumentation: () =>
    instrumentationOf("clew.piscina", [
      {
        module: "piscina",
        versions: [">=4 <6"],
        files: ["dist/index.js"],
        patch: (exports) => patchPool((exports.Piscina ?? exports.default) as Pool),
      },
    ]),
};

export const tinypool: Library = {
  name: "tinypool",
  instrumentation: () =>
    instrumentationOf("clew.tinypool", [
      {
        module: "tinypool",
        versions: [">=1 <3"],
        patch: (exports) => patchPool((exports.Tinypool ?? exports.default) as Pool),
      },
    ]),
};

/** Of the list of what a task hands over, which its pool posts it with: the context of who gave it the task. */
const contexts = new WeakMap<object, Context>();
const patched = new WeakSet<Pool>();

function patchPool(pool: Pool): void {
  if (patched.has(pool)) return;
  patched.add(pool);
  patchPost();
  const { run } = pool.prototype;
  const value: Run = function (task, options, ...rest) {
    const given = attempt("worker-pools", () => withList(options)) ?? options;
    return run.call(this, task, given, ...rest);
  };
  Object.defineProperty(pool.prototype, "run", { value, configurable: true, writable: true });
}

/** The same options with a list of their own; what the pool will refuse stays as it is. */
function withList(options: unknown = {}): unknown {
  if (typeof options !== "object" || options === null) return options;
  const { transferList = [] } = options as { transferList?: unknown };
  if (!Array.isArray(transferList)) return options;
  const own = ownList(context.active(), transferList);
  return Object.assign(Object.create(Object.getPrototypeOf(options)), options, { transferList: own });
}

function ownList(of: Context, items: readonly unknown[]): unknown[] {
  // What the task itself hands over, a pool adds by `concat`, which makes a new list.
  function List(length: number): unknown[] {
    const list = new Array<unknown>(length);
    contexts.set(list, of);
    return list;
  }
  const list = [...items];
  contexts.set(list, of);
  Object.defineProperty(list, "constructor", { value: { [Symbol.species]: List } });
  return list;
}

let isPostPatched = false;

function patchPost(): void {
  if (isPostPatched) return;
  isPostPatched = true;
  const { postMessage } = MessagePort.prototype as unknown as { postMessage: Post };
  const value: Post = function (...args) {
    attempt("worker-pools", () => {
      const [message, list] = args;
      const from = typeof list === "object" && list !== null ? contexts.get(list) : undefined;
      if (from !== undefined) addCarrier(message as Record<string, unknown>, from);
    });
    return postMessage.apply(this, args);
  };
  Object.defineProperty(MessagePort.prototype, "postMessage", {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
