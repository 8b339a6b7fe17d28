import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { laneFrames, NARROW, WIDE } from "./lane-frames.ts";
import { laneLevels } from "./lane-levels.ts";
import { boxOf, type LaneScene, spanUnder } from "./lane-scene.ts";

const trace = fleetTrace(200);
const analysis = analyseTrace(trace);
const levels = laneLevels(analysis);
const whole = { from: 0, to: trace.durMs * 1000 };

function scene(changes: Partial<LaneScene> = {}, isClosed = false): LaneScene {
  return {
    analysed: { trace, analysis },
    levels,
    all: laneFrames(levels, () => isClosed, WIDE),
    window: whole,
    nowUs: whole.to,
    width: 100_000,
    ...changes,
  };
}

test("whoever clicks the middle of a bar gets its span", () => {
  const shown = scene();
  for (let row = 0; row < trace.n; row++) {
    const { left, top, width, height } = boxOf(shown, row)!;
    assert.equal(spanUnder(shown, left + width / 2, top + height / 2), row);
  }
});

test("a closed lane answers with its runs, and nothing is where no lane is", () => {
  const closed = scene({}, true);
  const { top, left, width } = boxOf(closed, 0)!;
  assert.equal(spanUnder(closed, left + width / 2, top + 2), 0);
  assert.equal(spanUnder(closed, 10, closed.all.height + 5), -1);
  assert.equal(spanUnder(closed, 10, -5), -1);
});

test("lanes follow each other without a gap, whatever is closed and however wide the page is", () => {
  for (const measures of [WIDE, NARROW]) {
    for (const isClosed of [() => true, () => false, (lane: number) => lane % 2 === 0]) {
      const { frames, height } = laneFrames(levels, isClosed, measures);
      let top = 0;
      for (const frame of frames) {
        assert.equal(frame.top, top);
        assert.ok(frame.barsTop >= top && frame.barsTop < top + frame.height);
        top += frame.height;
      }
      assert.equal(height, top);
    }
  }
});

test("a span is where the zoom puts it", () => {
  const half = scene({ window: { from: whole.to / 2, to: whole.to }, width: 1000 });
  const { left, width } = boxOf(half, 0)!;
  assert.deepEqual([Math.round(left), Math.round(width)], [-1000, 2000]);
});
