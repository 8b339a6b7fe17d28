import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fullMoment, moment } from "./moments.ts";
import { showTimesIn } from "./time-zone.ts";

const at = Date.UTC(2026, 10, 21, 23, 30, 5);
process.env.TZ = "Asia/Tokyo";
after(() => showTimesIn(undefined));

test("times are those of the machine until UTC is asked for", () => {
  const nextDay = at + 60_000 * 60;
  assert.equal(moment(at, nextDay), "08:30:05");
  showTimesIn("UTC");
  assert.match(moment(at, at), /^23:30:05$/);
  assert.match(moment(at, nextDay), /21.*23:30:05|Nov 21.*23:30:05/);
  assert.match(fullMoment(at), /2026.*23:30:05 UTC/);
});
