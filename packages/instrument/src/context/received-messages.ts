import { type Context, context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { enterContext } from "../messaging/entered-context.ts";
import { isMainThread, workerThreads } from "../threads.ts";
import { CarrierRing } from "./carrier-ring.ts";
import type { Carrier } from "./child-environment.ts";
import { contextOf, takeCarrier } from "./task-carrier.ts";
import { leftHere } from "./worker-carrier.ts";

/** By which Node's ports hand a message to all kinds of listeners. */
const DISPATCH = Symbol.for("nodejs.internal.kHybridDispatch");

type Dispatch = (this: unknown, data: unknown, type: string, event: unknown) => unknown;
type Receive = (port: unknown) => { readonly message: unknown } | undefined;

/** Messages come in the order in which they were posted, so that a number tells which one it is. */
let received = 0;

/** Has listeners of this thread's messages run in the context in which each was posted. */
export function restoreContextOfMessages(): void {
  const memory = leftHere()?.messages;
  if (memory === undefined) return;
  const { MessagePort, parentPort } = workerThreads();
  if (parentPort === null) return;
  const ring = new CarrierRing(memory);
  patchDispatch(MessagePort.prototype, takeCarrier);
  patchDispatch(parentPort, () => {
    received++;
    // Without a text it waited too long: a message in no trace is better than one in another's.
    return contextOf(JSON.parse(ring.read(received) ?? "{}") as Partial<Carrier>);
  });
}

/** Has a port, or all, hand each message to its listeners in the context that is found for it. */
function patchDispatch(port: object, contextFor: (data: unknown) => Context | undefined): void {
  const dispatch = (port as { [DISPATCH]?: Dispatch })[DISPATCH];
  if (typeof dispatch !== "function" || Object.hasOwn(port, DISPATCH)) return;
  const value: Dispatch = function (data, type, event) {
    const posted = attempt("worker_threads", () => contextFor(data));
    if (posted === undefined) return dispatch.call(this, data, type, event);
    return context.with(posted, () => dispatch.call(this, data, type, event));
  };
  Object.defineProperty(port, DISPATCH, { value, configurable: true, writable: true });
}

/** The same function, which counts what it takes from this thread's port, and enters the contexts of tasks. */
export function followingReceive(receive: Receive): Receive {
  return function receiveMessageOnPort(port) {
    const entry = receive(port);
    if (entry !== undefined && port === workerThreads().parentPort) received++;
    if (!isMainThread()) attempt("worker_threads", () => enterTask(entry));
    return entry;
  };
}

/** Of the loop in which the worker of a pool takes its tasks. */
let outside: Context | undefined;

/** A pool's worker begins a task right behind the call that got it, and calls until there is none. */
function enterTask(entry: { readonly message: unknown } | undefined): void {
  const posted = entry && takeCarrier(entry.message);
  if (posted !== undefined) {
    outside ??= context.active();
    enterContext(posted);
  } else if (entry === undefined && outside !== undefined) {
    enterContext(outside);
    outside = undefined;
  }
}
