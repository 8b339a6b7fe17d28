import type { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context } from "@opentelemetry/api";

interface StorageContextManager {
  readonly _asyncLocalStorage?: AsyncLocalStorage<Context>;
}

/**
 * Makes a context the active one for the code that runs now and for everything it goes on to do, without a
 * function to wrap around it: the body of somebody else's loop. Whoever enters a context enters the former one
 * again at the loop's end.
 */
export function enterContext(entered: Context): void {
  const api = context as unknown as { _getContextManager(): StorageContextManager };
  api._getContextManager()._asyncLocalStorage?.enterWith(entered);
}

/** A context that can be entered before it is known what it will be: it answers for another one. */
export class LateContext implements Context {
  #is: Context;

  constructor(is: Context) {
    this.#is = is;
  }

  become(is: Context): void {
    this.#is = is;
  }

  getValue(key: symbol): unknown {
    return this.#is.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#is.setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#is.deleteValue(key);
  }
}
