import assert from "node:assert/strict";
import { test } from "node:test";
import { CarrierRing } from "./carrier-ring.ts";

test("a number has its own text on the other side, or none", () => {
  const writer = new CarrierRing();
  const reader = new CarrierRing(writer.memory);
  for (const number of [1, 2, 4]) assert.ok(writer.write(number, `text ${number} ü`));
  assert.deepEqual(
    [1, 2, 3, 4].map((number) => reader.read(number)),
    ["text 1 ü", "text 2 ü", undefined, "text 4 ü"],
  );
  writer.write(65, "round");
  assert.deepEqual([reader.read(1), reader.read(65)], [undefined, "round"]);
  assert.equal(writer.write(3, "x".repeat(1017)), false);
  assert.ok(writer.write(3, "x".repeat(1016)));
  assert.equal(reader.read(3)?.length, 1016);
});
