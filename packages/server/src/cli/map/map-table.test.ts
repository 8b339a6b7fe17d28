import assert from "node:assert/strict";
import { test } from "node:test";
import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { assertGolden } from "../fixtures/golden.ts";
import { textWidth } from "../screen/text-width.ts";
import { mapTable } from "./map-table.ts";

const WIDE = { width: 120, color: false, unicode: true, isTerminal: true };

function node(type: MapNode["type"], name: string, told: Partial<MapNode> = {}): MapNode {
  const { calls = 1, errors = 0 } = told;
  const none = { tokens: { input: 0, output: 0, cacheRead: 0 }, costUsd: 0, p50Ms: 100, p95Ms: 200 };
  return {
    key: `${type}:${name}`,
    type,
    name,
    calls,
    errors,
    errRate: calls === 0 ? 0 : errors / calls,
    ...none,
    ...told,
  };
}

function edge(from: string, to: string, type: MapEdge["type"], told: Partial<MapEdge> = {}): MapEdge {
  const { calls = 1, errors = 0 } = told;
  return { from, to, type, calls, errors, errRate: errors / calls, p95Ms: 150, ...told };
}

const NODES = [
  node("tool", "search", { calls: 9120, errors: 31, p50Ms: 80, p95Ms: 420 }),
  node("agent", "researcher", {
    calls: 2400,
    errors: 29,
    p50Ms: 8100,
    p95Ms: 31_000,
    tokens: { input: 5_100_000, output: 420_000, cacheRead: 0 },
    costUsd: 31.7,
  }),
  node("agent", "orchestrator", {
    calls: 1200,
    errors: 240,
    p50Ms: 12_100,
    p95Ms: 40_500,
    tokens: { input: 600_000, output: 20_000, cacheRead: 0 },
    costUsd: 4.1,
  }),
  node("agent", "billing", { calls: 300 }),
  node("service", "ledger", { calls: 280 }),
  node("agent", "archivist\u001b[31m\n", { calls: 0, p50Ms: null, p95Ms: null }),
];
const EDGES = [
  edge("agent:researcher", "tool:search", "call", { calls: 9120, errors: 31, p95Ms: 420 }),
  edge("agent:orchestrator", "agent:researcher", "call", { calls: 2100, errors: 29, p95Ms: 31_000 }),
  edge("agent:orchestrator", "agent:billing", "hand-off", { calls: 300, queueP95Ms: 12 }),
  edge("agent:researcher", "agent:researcher", "call", { calls: 300, p95Ms: 2000 }),
  edge("agent:billing", "service:ledger", "message", { calls: 280, queueP95Ms: 3400 }),
];

test("who is called comes after who calls, and below each whom it calls", () => {
  assertGolden("map", mapTable({ nodes: NODES, edges: EDGES }, WIDE));
});

test("a narrow terminal without Unicode shows what matters most", () => {
  const lines = mapTable({ nodes: NODES, edges: EDGES }, { ...WIDE, width: 60, unicode: false });
  for (const line of lines) assert.ok(textWidth(line) <= 60 && /^[ -~]*$/.test(line), line);
  assertGolden("map-narrow", lines);
});

test("those that call each other in a ring are all there", () => {
  const nodes = [node("agent", "a"), node("agent", "b")];
  const ring = [edge("agent:a", "agent:b", "call"), edge("agent:b", "agent:a", "call")];
  const lines = mapTable({ nodes, edges: ring }, WIDE);
  assert.deepEqual(
    lines.slice(1).map((line) => line.slice(0, 8).trimEnd()),
    ["a", "  └▶ b", "b", "  └▶ a"],
  );
});

test("an empty map has no lines", () => {
  assert.deepEqual(mapTable({ nodes: [], edges: [] }, WIDE), []);
});
