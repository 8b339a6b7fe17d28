import type { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context } from "@opentelemetry/api";

interface StorageContextManager {
  readonly _asyncLocalStorage?: AsyncLocalStorage<Context>;
}

/**
 * Makes a context the active one for the function that runs now and all it goes on to do, with no call of ours
 * around it: the body of somebody else's loop. Only where `runsAlone` says so; whoever enters a context enters the
 * former one again at the end.
 */
export function enterContext(entered: Context): void {
  const api = context as unknown as { _getContextManager(): StorageContextManager };
  api._getContextManager()._asyncLocalStorage?.enterWith(entered);
}

/**
 * True when the function that called `above` was resumed after an `await` and so has no caller, or none but us: what
 * it enters stays its own. A function that runs for its caller shares the context with it, and would give it to code that
 * has nothing to do with the message. About 10 µs.
 */
export function runsAlone(above: (...args: never[]) => unknown): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 2;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: readonly NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, above);
    const [self, caller] = holder.stack ?? [];
    return self !== undefined && (caller === undefined || isNobody(caller));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) delete (Error as Partial<ErrorConstructor>).prepareStackTrace;
    else Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Found in a stack, where names in the code are not what they were once it is bundled. */
const CALLS_HANDLER = "clew message";

/** Marks a function that does nothing but call the agent's handler of a message, inside `context.with`. */
export function callsHandler<Call extends () => unknown>(call: Call): Call {
  return Object.defineProperty(call, "name", { value: CALLS_HANDLER });
}

/**
 * A function that waits for this one, the loop of Node that resumes functions, or a call of ours to a message's
 * handler, after which the context is what it was.
 */
function isNobody(frame: NodeJS.CallSite): boolean {
  const { isAsync } = frame as { isAsync?: () => boolean };
  if (isAsync?.call(frame) === true || frame.getFunctionName() === CALLS_HANDLER) return true;
  return frame.getFileName() === "node:internal/process/task_queues";
}
