import { type Context, context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { enterContext, LateContext } from "./entered-context.ts";
import { runIn, type Started } from "./message-spans.ts";

type Begin<Message> = (message: Message) => Started | undefined;

/**
 * Makes the loop over messages that were fetched run in the context of each of them: in `for...of`, `forEach` and
 * `map`, `begin` starts a message's span as its turn comes. The span ends as the next one's turn comes, or when
 * what a callback returned settles. For everything else the array stays as it is.
 */
export function bindEach<Message>(messages: Message[], begin: Begin<Message>): void {
  const starting: Begin<Message> = (message) => attempt("messaging", () => begin(message));
  define(messages, Symbol.iterator, () => new BoundIterator(Array.prototype.values.call(messages), starting));
  for (const name of ["forEach", "map"] as const) {
    const original = Array.prototype[name] as (this: unknown, callback: unknown, that: unknown) => unknown;
    define(messages, name, (callback: unknown, that: unknown) => {
      if (typeof callback !== "function") return original.call(messages, callback, that);
      const bound = (message: Message, index: number) => {
        const work = () => callback.call(that, message, index, messages);
        const started = starting(message);
        return started === undefined ? work() : runIn(started, work);
      };
      return original.call(messages, bound, undefined);
    });
  }
}

class BoundIterator<Message> implements IterableIterator<Message> {
  readonly #inner: Iterator<Message>;
  readonly #begin: Begin<Message>;
  readonly #outside: Context = context.active();
  #started: Started | undefined;

  constructor(inner: Iterator<Message>, begin: Begin<Message>) {
    this.#inner = inner;
    this.#begin = begin;
  }

  next(): IteratorResult<Message> {
    const result = this.#inner.next();
    attempt("messaging", () => {
      this.#started?.span.end();
      this.#started = result.done === true ? undefined : this.#begin(result.value);
      enterContext(this.#started?.context ?? this.#outside);
    });
    return result;
  }

  return(value?: unknown): IteratorResult<Message> {
    attempt("messaging", () => {
      this.#started?.span.end();
      this.#started = undefined;
      enterContext(this.#outside);
    });
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** The same for messages that come by and by: the body of `for await` runs in the context of each of them. */
export function bindEachAwaited<Message>(
  inner: AsyncIterator<Message>,
  begin: Begin<Message>,
): AsyncIterableIterator<Message> {
  const outside = context.active();
  let started: Started | undefined;
  const end = () => {
    started?.span.end();
    started = undefined;
  };
  return {
    next(...args) {
      const late = new LateContext(outside);
      attempt("messaging", end);
      // What runs after an `await` has the context of the moment before it, so it must be entered now.
      attempt("messaging", () => enterContext(late));
      // The messages' source goes on for longer than one of them.
      return context
        .with(outside, () => inner.next(...args))
        .then((result) => {
          if (result.done === true) return result;
          started = attempt("messaging", () => begin(result.value));
          if (started !== undefined) late.become(started.context);
          return result;
        });
    },
    async return(value) {
      attempt("messaging", end);
      attempt("messaging", () => enterContext(outside));
      return inner.return === undefined ? { done: true, value } : inner.return(value);
    },
    async throw(error) {
      attempt("messaging", end);
      if (inner.throw === undefined) throw error;
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** An own property that nobody meets who counts, copies or compares. */
function define(on: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(on, name, { value, configurable: true, writable: true, enumerable: false });
}
