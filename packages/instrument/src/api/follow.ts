import { type Context, context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { observeIterator } from "../genai/observe-iterator.ts";

/** What becomes of work that may go on after its function returned. */
export interface WorkObserver {
  /** It is over; `value` is its result, undefined where it was a stream. */
  done(value: unknown): void;
  failed(error: unknown): void;
  /** Its stream was left before the end. */
  abandoned(): void;
}

type Method = (...of: unknown[]) => unknown;

/**
 * Runs `work` in a context and tells `observer` once how it ended: when it returned, when its promise settled, or
 * when the iterator that it gave was read to its end. A promise is returned as a new one, an iterator as itself.
 */
export function follow(at: Context, work: () => unknown, observer: WorkObserver): unknown {
  let result: unknown;
  try {
    result = context.with(at, work);
  } catch (error) {
    observer.failed(error);
    throw error;
  }
  if (!isThenable(result)) return followValue(at, result, observer);
  return Promise.resolve(result).then(
    (value) => followValue(at, value, observer),
    (error) => {
      observer.failed(error);
      throw error;
    },
  );
}

function followValue(at: Context, value: unknown, observer: WorkObserver): unknown {
  const streamed = {
    item: () => {},
    done: () => observer.done(undefined),
    failed: (error: unknown) => observer.failed(error),
    abandoned: () => observer.abandoned(),
  };
  if (isIterator(value)) return observeIterator(bound(at, value), streamed);
  if (isStreamOfItems(value)) {
    attempt("api", () => {
      const open = value[Symbol.asyncIterator];
      const followed = () =>
        observeIterator(
          bound(
            at,
            context.with(at, () => open.call(value)),
          ),
          streamed,
        );
      define(value, Symbol.asyncIterator, followed);
    });
    return value;
  }
  observer.done(value);
  return value;
}

/** The body of a generator runs in the context of whoever asks for the next item, unless it is bound to one. */
function bound<T extends object>(at: Context, iterator: T): T {
  const methods = iterator as Record<string, Method | undefined>;
  for (const name of ["next", "return", "throw"]) {
    const method = methods[name];
    if (method !== undefined) {
      define(iterator, name, (...of: unknown[]) => context.with(at, () => method.apply(iterator, of)));
    }
  }
  return iterator;
}

function define(on: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(on, key, { value, writable: true, configurable: true, enumerable: false });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

function isIterator(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !("next" in value)) return false;
  return typeof value.next === "function" && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** Answers of model SDKs. Streams of Node and of the web can be read in other ways, so these count as results. */
function isStreamOfItems(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.asyncIterator in value &&
    !("pipe" in value) &&
    !("getReader" in value)
  );
}
