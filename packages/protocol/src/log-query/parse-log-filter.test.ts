import assert from "node:assert/strict";
import { test } from "node:test";
import { TraceQlError } from "../traceql/traceql-error.ts";
import { LOG_INTRINSIC_ENTRIES, logFieldOf } from "./log-field.ts";
import { parseLogFilter } from "./parse-log-filter.ts";
import { INVALID_LOG_FILTERS } from "./testing/invalid-log-filters.ts";

function faultOf(text: string): TraceQlError {
  try {
    parseLogFilter(text);
  } catch (error) {
    assert.ok(error instanceof TraceQlError, String(error));
    return error;
  }
  return assert.fail(`${text} was taken`);
}

for (const [query, at] of INVALID_LOG_FILTERS) {
  test(`${query.slice(0, 60)} is refused at ${at.slice(0, 40) || "its end"}`, () => {
    const { offset, length, message } = faultOf(query);
    assert.equal(query.slice(offset, offset + length), at);
    if (at === "") assert.equal(offset, query.length);
    assert.notEqual(message, "");
  });
}

const SUGGESTIONS: readonly (readonly [query: string, suggestion: string])[] = [
  ["{ severty >= warn }", "severity"],
  ["{ severity >= wran }", "warn"],
  ["{ log:bdy != nil }", "log:body"],
  ["{ log:traceID != nil }", "log:traceId"],
  ["{ spanId = nil }", "log:spanId"],
  ["{ session != nil }", "agent:session"],
  ["{ lgo:body != nil }", "log:body"],
  ["{ span.retry > 3 }", "log.retry"],
  ["{ http.method = `GET` }", "log.http.method"],
  ["{ service.name = `x` }", "resource.service.name"],
  ["{ resorce.x = 1 }", "resource.x"],
  ["{ .a and .b }", "&&"],
  ["{ not .a }", "!"],
  ["{ status = error }", "log.status"],
];

for (const [query, suggestion] of SUGGESTIONS) {
  test(`${query} is answered with ${suggestion}`, () => {
    assert.equal(faultOf(query).suggestion, suggestion);
  });
}

test("every field can be asked for by its name", () => {
  for (const [name] of LOG_INTRINSIC_ENTRIES) {
    const condition = parseLogFilter(`{ ${name} != nil }`);
    assert.ok(condition?.kind === "exists" && condition.operand.kind === "intrinsic");
    assert.equal(logFieldOf(condition.operand).kind === "intrinsic" && condition.operand.name, name);
  }
});

test("attributes have the scopes of a log record, and quotes where they need them", () => {
  const fields = ["log.a.b", 'resource."a b"', "instrumentation.x", ".retry.count"].map((written) => {
    const condition = parseLogFilter(`{ ${written} = 1 }`);
    assert.ok(condition?.kind === "binary");
    const field = logFieldOf(condition.left as Parameters<typeof logFieldOf>[0]);
    return field.kind === "attribute" ? [field.scope, field.name] : [];
  });
  assert.deepEqual(fields, [
    ["log", "a.b"],
    ["resource", "a b"],
    ["instrumentation", "x"],
    ["any", "retry.count"],
  ]);
});

test("no condition takes everything, and severities are written in any case of letters on either side", () => {
  assert.equal(parseLogFilter("{ }"), undefined);
  assert.notEqual(parseLogFilter("{ WARN <= severity && log:severity != Error }"), undefined);
});
