import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorSpan, errorOrigin } from "./error-origin.ts";

function span(span_id: string, parent_span_id: string): ErrorSpan {
  return { span_id, parent_span_id };
}

test("no error has no origin", () => {
  assert.equal(errorOrigin([]), undefined);
});

test("a caller that ended first got its error from what it called", () => {
  const errors = [span("client", "handler"), span("server", "client"), span("handler", "root")];
  assert.equal(errorOrigin(errors)?.span_id, "server");
});

test("of errors that do not come from each other the one that ended first counts", () => {
  const errors = [span("first", "root"), span("second", "root"), span("below", "second")];
  assert.equal(errorOrigin(errors)?.span_id, "first");
});

test("of several errors below one the one that ended first counts", () => {
  const errors = [span("parent", "root"), span("one", "parent"), span("two", "parent")];
  assert.equal(errorOrigin(errors)?.span_id, "one");
});

test("parents that go round in a circle have an origin", () => {
  assert.ok(errorOrigin([span("a", "b"), span("b", "a"), span("c", "c")]));
});
