import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTraceparent, parseTraceparent, RANDOM, SAMPLED } from "./traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

test("a header of version 00 has four fields, and spaces around it do not count", () => {
  const expected = { traceId: TRACE, parentId: PARENT, flags: SAMPLED };
  assert.deepEqual(parseTraceparent(`00-${TRACE}-${PARENT}-01`), expected);
  assert.deepEqual(parseTraceparent(`\t 00-${TRACE}-${PARENT}-01 \t`), expected);
});

test("a version above 00 may say more, behind a hyphen", () => {
  for (const rest of ["", "-", "-what-comes"]) {
    assert.equal(parseTraceparent(`cc-${TRACE}-${PARENT}-01${rest}`)?.traceId, TRACE, rest);
  }
  for (const rest of [".what", "0", ","]) {
    assert.equal(parseTraceparent(`cc-${TRACE}-${PARENT}-01${rest}`), undefined, rest);
  }
});

test("one wrong field makes the whole header wrong", () => {
  const wrong = [
    "",
    `ff-${TRACE}-${PARENT}-01`,
    `0-${TRACE}-${PARENT}-01`,
    `000-${TRACE}-${PARENT}-01`,
    `0.-${TRACE}-${PARENT}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE.slice(1)}-${PARENT}-01`,
    `00-${TRACE}0-${PARENT}-01`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${PARENT}0-01`,
    `00-${TRACE}-.0f067aa0ba902b7-01`,
    `00-${TRACE}-${PARENT}-1`,
    `00-${TRACE}-${PARENT}-001`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE}-${PARENT}-01\n`,
    `00-${TRACE}-${PARENT}-01,00-${TRACE}-${PARENT}-01`,
  ];
  for (const text of wrong) assert.equal(parseTraceparent(text), undefined, text);
});

test("flags that level 2 does not define are neither read nor written", () => {
  assert.equal(parseTraceparent(`00-${TRACE}-${PARENT}-ff`)?.flags, SAMPLED | RANDOM);
  assert.equal(
    formatTraceparent({ traceId: TRACE, parentId: PARENT, flags: 0xfe }),
    `00-${TRACE}-${PARENT}-02`,
  );
});

test("what is written is read as the same, with every combination of flags", () => {
  for (const flags of [0, SAMPLED, RANDOM, SAMPLED | RANDOM]) {
    const fields = { traceId: TRACE, parentId: PARENT, flags };
    assert.deepEqual(parseTraceparent(formatTraceparent(fields)), fields);
  }
});
