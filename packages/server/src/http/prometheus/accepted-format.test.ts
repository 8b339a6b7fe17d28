import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptedFormat } from "./accepted-format.ts";

const CASES: [accept: string | undefined, format: string][] = [
  [undefined, "text"],
  ["", "text"],
  ["*/*", "text"],
  ["text/plain", "text"],
  ["text/plain;version=0.0.4", "text"],
  ["application/json", "text"],
  ["application/openmetrics-text", "openmetrics"],
  ["application/openmetrics-text; version=1.0.0; charset=utf-8", "openmetrics"],
  ['application/openmetrics-text;version="1.0.0"', "openmetrics"],
  ["application/openmetrics-text;version=0.0.1", "text"],
  ["application/openmetrics-text;version=1.0.0;q=0", "text"],
  ["application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.5", "text"],
  // Prometheus 2.42, and 3 with and without protobuf.
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
      "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3," +
      "text/plain;version=0.0.4;q=0.2,/;q=0.1",
    "openmetrics",
  ],
  [
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," +
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4",
    "openmetrics",
  ],
];

test("the format is the one that the scraper likes best, and text when it says nothing useful", () => {
  for (const [accept, format] of CASES) assert.equal(acceptedFormat(accept), format, accept);
});
