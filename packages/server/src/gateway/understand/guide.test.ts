import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fixture, fixtureNames, readCall } from "./testing/fixture.ts";

test("the guide tells of every attribute", () => {
  const guide = readFileSync(
    new URL("../../../../../docs/guide/gateway-attributes.md", import.meta.url),
    "utf8",
  );
  const keys = fixtureNames().flatMap((name) =>
    readCall(fixture(name), "full").attributes.map(({ key }) => key),
  );
  const untold = [...new Set(keys)].filter((key) => !guide.includes(`\`${key}\``));
  assert.deepEqual(untold, []);
});
