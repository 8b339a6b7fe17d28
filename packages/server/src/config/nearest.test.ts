import assert from "node:assert/strict";
import { test } from "node:test";
import { formatByteSize, parseByteSize } from "./byte-size.ts";
import { didYouMean, nearest } from "./nearest.ts";

test("the nearest word ignores case and separators and forgives a typo or two", () => {
  const known = ["httpPort", "apiPort", "retention.days", "dataDir"];
  assert.equal(nearest("http_port", known), "httpPort");
  assert.equal(nearest("datadri", known), "dataDir");
  assert.equal(nearest("retension.days", known), "retention.days");
});

test("a word that resembles none has no nearest", () => {
  assert.equal(nearest("colour", ["httpPort", "dataDir"]), undefined);
  assert.equal(didYouMean("colour", ["httpPort"]), "");
});

test("sizes are read with decimal and binary units, and anything else is refused", () => {
  assert.equal(parseByteSize("64MiB"), 64 * 1024 * 1024);
  assert.equal(parseByteSize("1.5 gb"), 1_500_000_000);
  assert.equal(parseByteSize("1000"), 1000);
  assert.equal(parseByteSize("-1"), undefined);
  assert.equal(parseByteSize("1 potato"), undefined);
});

test("sizes are written in the largest binary unit", () => {
  assert.equal(formatByteSize(64 * 1024 * 1024), "64 MiB");
  assert.equal(formatByteSize(1536), "1.5 KiB");
  assert.equal(formatByteSize(0), "0 B");
});
