import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldLabel } from "./field-label.ts";
import { parse } from "./parse.ts";

test("series call fields as Tempo does: old names of intrinsics, attributes as they are written", () => {
  const query = parse(
    '{ } | rate() by (span:name, duration, trace:rootService, childCount, event:name, agent:model, .a, span."b c", parent.name)',
  );
  assert.ok(query.kind === "metrics" && query.expression.kind === "metricsPipeline");
  const { aggregate } = query.expression;
  assert.ok(aggregate.kind === "spanCount");
  assert.deepEqual(aggregate.by.map(fieldLabel), [
    "name",
    "duration",
    "rootServiceName",
    "span:childCount",
    "event:name",
    "agent:model",
    ".a",
    'span."b c"',
    "parent.name",
  ]);
});
