import { attempt } from "../attempt.ts";
import { fields } from "./value.ts";

/** What becomes of a request of an SDK whose calls return an `APIPromise`. */
export interface ApiObserver {
  /** The answer as the SDK parsed it, or its stream. Told once. */
  value(data: unknown): void;
  failed(error: unknown): void;
  /** The caller asked for the response itself and has not had it parsed. */
  raw(response: unknown): void;
  /** A helper of the SDK took the response to parse it in another promise; `controller` aborts the request. */
  handedOn(controller: unknown): void;
}

/** The promise of OpenAI's and Anthropic's SDKs, as far as all of their major versions agree. */
interface ApiPromise extends Promise<unknown> {
  responsePromise: Promise<unknown>;
  parseResponse: (...of: unknown[]) => unknown;
  parsedPromise?: Promise<unknown>;
  asResponse(): Promise<unknown>;
  _responseProps?(): Promise<unknown>;
  _thenUnwrap(transform: (...of: unknown[]) => unknown): ApiPromise;
}

/**
 * Has `observer` see what a call gives, without parsing anything that the caller does not ask for. The promise
 * stays the same object with all its methods, and one that nobody handles still fails as unhandled.
 */
export function observeApiPromise(promise: unknown, observer: ApiObserver): void {
  const own = promise as ApiPromise;
  if (!(own.responsePromise instanceof Promise) || typeof own.parseResponse !== "function") {
    own.then(
      (data) => attempt("models", () => observer.value(data)),
      (error) => attempt("models", () => observer.failed(error)),
    );
    return;
  }
  const response = own.responsePromise.then(undefined, (error: unknown) => {
    attempt("models", () => observer.failed(error));
    throw error;
  });
  let hasValue = false;
  observe(own, response, {
    failed: (error) => observer.failed(error),
    raw: (answer) => observer.raw(answer),
    handedOn: (controller) => observer.handedOn(controller),
    value(data) {
      if (hasValue) return;
      hasValue = true;
      observer.value(data);
    },
  });
}

function observe(own: ApiPromise, response: Promise<unknown>, observer: ApiObserver): void {
  own.responsePromise = response;
  const { parseResponse, asResponse, _responseProps: responseProps, _thenUnwrap: unwrap } = own;
  own.parseResponse = async (...of) => {
    let data: unknown;
    try {
      data = await parseResponse.apply(own, of);
    } catch (error) {
      attempt("models", () => observer.failed(error));
      throw error;
    }
    attempt("models", () => observer.value(data));
    return data;
  };
  replace(own, "asResponse", async () => {
    const answer = await asResponse.call(own);
    if (own.parsedPromise === undefined) attempt("models", () => observer.raw(answer));
    return answer;
  });
  if (typeof responseProps === "function") {
    replace(own, "_responseProps", async () => {
      const props = await responseProps.call(own);
      attempt("models", () => observer.handedOn(fields(props).controller));
      return props;
    });
  }
  // Where it is the promise's own it parses by itself; a class's goes through `parseResponse`.
  if (!Object.hasOwn(own, "_thenUnwrap")) return;
  replace(own, "_thenUnwrap", (transform: (...of: unknown[]) => unknown) => {
    const next = unwrap.call(own, (data, ...of) => {
      attempt("models", () => observer.value(data));
      return transform(data, ...of);
    });
    attempt("models", () => observe(next, response, { ...observer, value: () => {} }));
    return next;
  });
}

function replace(on: object, key: string, value: unknown): void {
  const enumerable = Object.getOwnPropertyDescriptor(on, key)?.enumerable ?? false;
  Object.defineProperty(on, key, { value, writable: true, configurable: true, enumerable });
}
