import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredMetric } from "@clew/protocol/api/stored-metrics";
import { Looks } from "./looks.ts";
import { storedLinesOf, unitOf } from "./stored-lines.ts";

function answer(series: StoredMetric["series"], shows: StoredMetric["shows"] = "value"): StoredMetric {
  return { timesMs: [1, 2], series, shows, attributeNames: [], tookMs: 1 };
}

test("units are shown as what they measure", () => {
  assert.deepEqual(unitOf("ms", "quantile"), { shown: "seconds", factor: 0.001 });
  assert.deepEqual(unitOf("{request}", "rate"), { shown: "rate", factor: 1 });
  assert.deepEqual(unitOf("By", "rate"), { shown: "bytes", factor: 1 });
  assert.deepEqual(unitOf("", "value"), { shown: "number", factor: 1 });
});

test("lines are named by their label, the largest first, percentiles in order", () => {
  const line = (key: string, value: object | undefined, values: (number | null)[]) => ({
    labels: [{ key, ...(value && { value }) }],
    values,
    exemplars: [],
  });
  const byRoute = storedLinesOf(
    answer([
      line("route", { stringValue: "/a" }, [1, 2]),
      line("route", undefined, [5, null]),
      line("route", { stringValue: "/b" }, [null, 9]),
    ]),
    "KiBy",
    new Looks(),
  );
  assert.deepEqual(
    byRoute.lines.map(({ name, values }) => [name, values]),
    [
      ["/b", [null, 9216]],
      ["not given", [5120, null]],
      ["/a", [1024, 2048]],
    ],
  );
  const quantiles = storedLinesOf(
    answer([line("p", { doubleValue: 0.5 }, [1, 1]), line("p", { doubleValue: 0.999 }, [9, 9])], "quantile"),
    "s",
    new Looks(),
  );
  assert.deepEqual(
    quantiles.lines.map(({ name }) => name),
    ["p50", "p99.9"],
  );
  assert.equal(
    storedLinesOf(answer([{ labels: [], values: [1, 2], exemplars: [] }]), "", new Looks()).lines[0]?.name,
    "all",
  );
});
