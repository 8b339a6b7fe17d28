import { isMainThread, type MessagePort, parentPort } from "node:worker_threads";
import { type Context, context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { CarrierRing } from "./carrier-ring.ts";
import type { Carrier } from "./child-environment.ts";
import { leftHere } from "./worker-carrier.ts";

/** By which Node's ports hand a message to all kinds of listeners. */
const DISPATCH = Symbol.for("nodejs.internal.kHybridDispatch");

type Dispatch = (this: unknown, data: unknown, type: string, event: unknown) => unknown;
type Receive = (port: unknown) => unknown;

/** Messages come in the order in which they were posted, so that a number tells which one it is. */
let received = 0;

/** Has listeners of this thread's messages run in the context in which each was posted. */
export function restoreContextOfMessages(): void {
  const memory = leftHere()?.messages;
  if (isMainThread || parentPort === null || memory === undefined) return;
  const ring = new CarrierRing(memory);
  const port = parentPort as MessagePort & { [DISPATCH]?: Dispatch };
  const dispatch = port[DISPATCH];
  if (typeof dispatch !== "function" || Object.hasOwn(port, DISPATCH)) return;
  const value: Dispatch = function (data, type, event) {
    received++;
    const posted = attempt("worker_threads", () => contextOf(ring.read(received)));
    if (posted === undefined) return dispatch.call(this, data, type, event);
    return context.with(posted, () => dispatch.call(this, data, type, event));
  };
  Object.defineProperty(port, DISPATCH, { value, configurable: true, writable: true });
}

/** The same function, which counts what it takes from this thread's port. */
export function countingReceive(receive: Receive): Receive {
  return function receiveMessageOnPort(port) {
    const message = receive(port);
    if (message !== undefined && port === parentPort) received++;
    return message;
  };
}

function contextOf(text: string | undefined): Context | undefined {
  if (text === undefined) return undefined;
  const {
    TRACEPARENT: traceparent,
    TRACESTATE: tracestate,
    BAGGAGE: baggage,
  } = JSON.parse(text) as Partial<Carrier>;
  return propagation.extract(ROOT_CONTEXT, { traceparent, tracestate, baggage });
}
