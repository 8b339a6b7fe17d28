import { attempt } from "../attempt.ts";
import type { StreamReader } from "../genai/observe-stream.ts";
import type { Operation } from "../genai/operation.ts";
import { observeApiPromise } from "./api-promise.ts";
import { expectStream, isSdkStream, observeSdkStream } from "./sdk-stream.ts";
import { fields } from "./value.ts";

/** One kind of call of a model: how its span starts and what is read from the answer. */
export interface ModelCall {
  readonly operation: Operation;
  /** Records a whole answer. It may end the operation, e.g. as failed. */
  answer(data: unknown): void;
  /** For calls that can stream. */
  reader?(): StreamReader;
}

/**
 * Makes a request inside the span of `call` and has the span end with it. Returns what the request returns, and
 * throws what it throws.
 */
export function traceRequest(call: ModelCall, request: () => unknown): unknown {
  const { operation } = call;
  let promise: unknown;
  try {
    promise = operation.run(request);
  } catch (error) {
    operation.fail(error);
    throw error;
  }
  const whole = (data: unknown) => {
    attempt("models", () => call.answer(data));
    operation.end();
  };
  const value = (data: unknown) => {
    if (!isSdkStream(data) || call.reader === undefined) whole(data);
    else observeSdkStream(data, operation, call.reader());
  };
  attempt("models", () =>
    observeApiPromise(promise, {
      failed: (error) => operation.fail(error),
      value,
      raw: (response) => readCopy(response, operation, whole),
      handedOn: (controller) => expectStream(controller, (stream) => attempt("models", () => value(stream))),
    }),
  );
  return promise;
}

/** A caller that asked for the response reads its body itself: a copy of it tells what the answer was. */
function readCopy(response: unknown, operation: Operation, whole: (data: unknown) => void): void {
  const { headers, bodyUsed } = response as Response;
  const isJson = /\bjson\b/.test(String(headers?.get("content-type")));
  if (!isJson || bodyUsed) {
    operation.end();
    return;
  }
  const copy = (response as Response).clone();
  copy.json().then(
    (data) => whole(fields(data)),
    (error: unknown) => operation.fail(error),
  );
}
