import assert from "node:assert/strict";
import { test } from "node:test";
import { errorMessage, errorType, isCancellation, statusOf } from "./failure.ts";

class RateLimitError extends Error {
  readonly status = 429;
  readonly code: string | null;
  constructor(code: string | null) {
    super("slow down");
    this.code = code;
  }
}
class APIUserAbortError extends Error {}

test("the type of an error is the provider's code, else the status, else the system's code, else the class", () => {
  assert.equal(errorType(new RateLimitError("rate_limit_exceeded")), "rate_limit_exceeded");
  assert.equal(errorType(new RateLimitError(null)), "429");
  const nested = Object.assign(new Error("529"), {
    status: 529,
    error: { type: "error", error: { type: "overloaded_error" } },
  });
  assert.equal(errorType(nested), "overloaded_error");
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  assert.equal(
    errorType(new Error("failed", { cause: new Error("fetch", { cause: refused }) })),
    "ECONNREFUSED",
  );
  assert.equal(errorType(new TypeError("x")), "TypeError");
  assert.equal(errorType(undefined), "_OTHER");
  assert.equal(statusOf(nested), 529);
  assert.equal(errorMessage(nested), "529");
});

test("an abort is a cancellation and a time-out is none", () => {
  assert.equal(isCancellation(new APIUserAbortError()), true);
  assert.equal(isCancellation(AbortSignal.abort().reason), true);
  assert.equal(isCancellation(new DOMException("late", "TimeoutError")), false);
  assert.equal(errorType(new DOMException("late", "TimeoutError")), "TimeoutError");
});

test("an error that cannot be read has a type all the same", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  assert.equal(errorType(hostile), "_OTHER");
  assert.equal(isCancellation(hostile), false);
});
