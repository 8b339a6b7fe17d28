import { attempt } from "../attempt.ts";

/** What happens to an iterator while somebody else reads it. */
export interface IteratorObserver {
  item(value: unknown): void;
  /** It ended by itself. */
  done(): void;
  failed(error: unknown): void;
  /** The reader left before the end: `break`, `return` or an error of its own. */
  abandoned(): void;
}

interface AnyIterator {
  next(...of: unknown[]): unknown;
  return?(...of: unknown[]): unknown;
  throw?(...of: unknown[]): unknown;
}

/**
 * Tells `observer` what an async iterator gives to its reader, and returns that same iterator: its methods are
 * replaced on it, so it stays the generator that it was. Exactly one of `done`, `failed` and `abandoned` is
 * told, or none when the reader stops asking.
 */
export function observeIterator<T extends object>(iterator: T, observer: IteratorObserver): T {
  attempt("genai", () => {
    const own = iterator as T & AnyIterator;
    let isOver = false;
    const over = (tell: () => void) => {
      if (isOver) return;
      isOver = true;
      attempt("genai", tell);
    };
    const failed = (error: unknown) => {
      over(() => observer.failed(error));
      throw error;
    };
    const seen = (result: unknown) => {
      const { done, value } = (result ?? {}) as { done?: boolean; value?: unknown };
      if (done === true) over(() => observer.done());
      else if (!isOver) attempt("genai", () => observer.item(value));
      return result;
    };
    const { next, return: leave, throw: fail } = own;
    define(own, "next", (...of) => settle(() => next.apply(own, of), seen, failed));
    if (leave !== undefined) {
      define(own, "return", (...of) => {
        over(() => observer.abandoned());
        return leave.apply(own, of);
      });
    }
    if (fail !== undefined) {
      define(own, "throw", (...of) => {
        over(() => observer.abandoned());
        return fail.apply(own, of);
      });
    }
  });
  return iterator;
}

/** Calls `step`, which may answer at once or later, and has the answer pass through `seen` or `failed`. */
function settle(
  step: () => unknown,
  seen: (result: unknown) => unknown,
  failed: (error: unknown) => never,
): unknown {
  let result: unknown;
  try {
    result = step();
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(seen, failed) : seen(result);
}

function define(on: object, key: string, value: (...of: unknown[]) => unknown): void {
  const enumerable = Object.getOwnPropertyDescriptor(on, key)?.enumerable ?? false;
  Object.defineProperty(on, key, { value, writable: true, configurable: true, enumerable });
}
