import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@clew/protocol/traceql/parse";
import { chartsOf, GROUPINGS } from "./charts.ts";

test("every chart asks for series that can be read, and names spans that can be found", () => {
  for (const by of GROUPINGS) {
    for (const condition of ["", '.a = "x" || status = error']) {
      for (const { charts } of chartsOf(by, condition)) {
        for (const { queries, spans, measure, field } of charts) {
          for (const { q } of queries) {
            assert.equal(parse(q).kind, "metrics", q);
            if (condition !== "") assert.ok(q.includes(`(${condition})`), q);
          }
          assert.equal(parse(`{ ${spans} }`).kind, "search");
          assert.equal(parse(`{ ${spans} } | ${measure}`).kind, "metrics");
          assert.ok(field !== undefined || queries.length > 1);
        }
      }
    }
  }
});

test("charts have names of their own", () => {
  for (const by of GROUPINGS) {
    const ids = chartsOf(by, "").flatMap(({ charts }) => charts.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  }
});

test("tools are not told apart by models, nor models by tools", () => {
  const asked = (by: "model" | "tool", id: string) =>
    chartsOf(by, "")
      .flatMap(({ charts }) => charts)
      .find((chart) => chart.id === id)?.field;
  assert.equal(asked("tool", "cost"), "agent:model");
  assert.equal(asked("model", "tools"), "agent:tool");
});
