import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { arrowsInView, MOST_ARROWS } from "./edges-in-view.ts";
import { laneFrames, WIDE } from "./lane-frames.ts";
import { laneLevels } from "./lane-levels.ts";
import { boxOf, type LaneScene } from "./lane-scene.ts";

function sceneOf(spans: number, width: number): LaneScene {
  const trace = fleetTrace(spans);
  const analysis = analyseTrace(trace);
  const levels = laneLevels(analysis);
  const to = trace.durMs * 1000;
  return {
    analysed: { trace, analysis },
    levels,
    all: laneFrames(levels, () => false, WIDE),
    window: { from: 0, to },
    nowUs: to,
    width,
  };
}

const EVERYWHERE = { top: 0, bottom: 10_000 };

test("an arrow goes from the caller's bar to the beginning of the one called", () => {
  const scene = sceneOf(60, 1000);
  const { edges } = scene.analysed.analysis;
  const [arrow] = arrowsInView(scene, edges, EVERYWHERE);
  const caller = boxOf(scene, arrow!.edge.fromSpan)!;
  const called = boxOf(scene, arrow!.edge.toSpan)!;
  assert.equal(arrow!.y1, caller.top + caller.height);
  assert.deepEqual([arrow!.x2, arrow!.y2], [called.left, called.top]);
});

test("what is out of sight has no arrow", () => {
  const scene = sceneOf(600, 1000);
  const { edges } = scene.analysed.analysis;
  assert.deepEqual(arrowsInView(scene, edges, { top: 5000, bottom: 6000 }), []);
  const early = { ...scene, window: { from: 0, to: edges[2]!.startedUs } };
  assert.equal(arrowsInView(early, edges, EVERYWHERE).length, 3);
});

test("numbers do not cover each other", () => {
  const scene = sceneOf(20_000, 2000);
  const told = arrowsInView(scene, scene.analysed.analysis.edges, EVERYWHERE).filter((one) => one.isCounted);
  assert.ok(told.length > 5);
  for (const one of told)
    for (const other of told) {
      const isBeside = Math.abs(one.y1 + one.y2 - other.y1 - other.y2) < 2;
      assert.ok(one === other || !isBeside || Math.abs(one.x2 - other.x2) >= 34);
    }
});

test("of more edges than can be told apart, those beside each other are one arrow, and none is lost", () => {
  const scene = sceneOf(20_000, 2000);
  const { edges } = scene.analysed.analysis;
  assert.ok(edges.length > MOST_ARROWS);
  const arrows = arrowsInView(scene, edges, EVERYWHERE);
  assert.ok(arrows.length > 20 && arrows.length <= MOST_ARROWS, `${arrows.length} arrows`);
  assert.equal(
    arrows.reduce((sum, { times }) => sum + times, 0),
    edges.length,
  );
});
