import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../format/quantities.ts";
import { signed, signedPercent } from "./signed.ts";

test("a difference has a sign, none has no text", () => {
  assert.deepEqual(
    [1.5, -1.5, 0].map((usd) => signed(usd, cost)),
    ["+$1.50", "−$1.50", ""],
  );
});

test("a share is told where there was something before, and it says something", () => {
  const shares: readonly (readonly [number, number, string])[] = [
    [100, 135, "+35%"],
    [100, 50, "−50%"],
    [100, 100.2, ""],
    [0, 5, ""],
    [1, 5000, ""],
  ];
  for (const [before, after, text] of shares) assert.equal(signedPercent(before, after), text);
});
