import { type Context, context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { callsHandler, enterContext, runsAlone } from "./entered-context.ts";
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
        const work = callsHandler(() => callback.call(that, message, index, messages));
        const started = starting(message);
        return started === undefined ? work() : runIn(started, work);
      };
      return original.call(messages, bound, undefined);
    });
  }
}

/** The span of the message whose turn it is in one loop, and the context that the loop's body runs in. */
class Turn {
  readonly outside: Context = context.active();
  #started: Started | undefined;
  #hasEntered = false;

  begin(started: Started | undefined): void {
    this.#started = started;
  }

  /** Call it where the loop's body goes on; `above` is the function that the loop called. */
  enter(above: (...args: never[]) => unknown): void {
    if (this.#started === undefined) {
      this.leave();
    } else if (runsAlone(above)) {
      this.#hasEntered = true;
      enterContext(this.#started.context);
    }
  }

  end(): void {
    this.#started?.span.end();
    this.#started = undefined;
  }

  leave(): void {
    if (this.#hasEntered) enterContext(this.outside);
    this.#hasEntered = false;
  }
}

class BoundIterator<Message> implements IterableIterator<Message> {
  readonly #inner: Iterator<Message>;
  readonly #begin: Begin<Message>;
  readonly #turn = new Turn();

  constructor(inner: Iterator<Message>, begin: Begin<Message>) {
    this.#inner = inner;
    this.#begin = begin;
  }

  next(): IteratorResult<Message> {
    const result = this.#inner.next();
    attempt("messaging", () => {
      this.#turn.end();
      this.#turn.begin(result.done === true ? undefined : this.#begin(result.value));
      this.#turn.enter(this.next);
    });
    return result;
  }

  return(value?: unknown): IteratorResult<Message> {
    attempt("messaging", () => {
      this.#turn.end();
      this.#turn.leave();
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
  const turn = new Turn();
  const end = () => turn.end();
  return {
    async next(...args) {
      attempt("messaging", end);
      // The messages' source goes on for longer than one of them.
      const result = await context.with(turn.outside, () => inner.next(...args));
      if (result.done !== true) turn.begin(attempt("messaging", () => begin(result.value)));
      return enteredByReading(result, turn);
    },
    async return(value) {
      attempt("messaging", end);
      attempt("messaging", () => turn.leave());
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

/** `for await` reads `done` first, in the function that has the loop and after it was resumed. */
function enteredByReading<Message>(result: IteratorResult<Message>, turn: Turn): IteratorResult<Message> {
  let isRead = false;
  const done = (): boolean => {
    if (!isRead) attempt("messaging", () => turn.enter(descriptor.get));
    isRead = true;
    return result.done === true;
  };
  const descriptor = { get: done, enumerable: true, configurable: true };
  return Object.defineProperty(
    { done: false, value: result.value },
    "done",
    descriptor,
  ) as IteratorResult<Message>;
}

/** An own property that nobody meets who counts, copies or compares. */
function define(on: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(on, name, { value, configurable: true, writable: true, enumerable: false });
}
