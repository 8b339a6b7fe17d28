import assert from "node:assert/strict";
import { test } from "node:test";
import { answerDelayMs } from "./pacing.ts";

const MIB = 1024 * 1024;

test("answers are held back the longer the more waits, and never longer than a second", () => {
  assert.deepEqual(
    [0, 256, 640, 1024, 2048].map((mib) => answerDelayMs(mib * MIB)),
    [0, 0, 500, 1000, 1000],
  );
});
