import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@clew/protocol/traceql/parse";
import { edgeQuery, tracesOfEdge, tracesOfNode } from "./map-trace-links.ts";
import { edge, node } from "./testing/figures.ts";

const LAST_HOUR = { from: "now-1h", to: undefined };
const service = (name: string) => node(name, { type: "service" });

test("a node leads to the list with its own condition, and with those of time", () => {
  assert.equal(tracesOfNode(node("planner"), LAST_HOUR), "/traces?agent=planner&from=now-1h");
  assert.equal(
    tracesOfNode(node("a&b", { type: "tool" }), { from: "", to: "1790000000000" }, "error"),
    "/traces?tool=a%26b&status=error&to=1790000000000",
  );
});

test("a service without a name cannot be asked for: its edges lead to the traces of the other end", () => {
  const unnamed = service("unknown service");
  assert.equal(tracesOfNode(unnamed, LAST_HOUR), "/traces?from=now-1h");
  assert.equal(tracesOfEdge(edge("x", "y"), unnamed, node("b"), LAST_HOUR), "/traces?agent=b&from=now-1h");
  assert.equal(tracesOfEdge(edge("x", "y"), node("a"), unnamed, LAST_HOUR), "/traces?agent=a&from=now-1h");
});

test("calls between services are of parent and child; those between agents may have spans of neither between", () => {
  assert.equal(
    edgeQuery({ type: "call" }, service("a"), service("b")),
    '{ resource.service.name = "a" } > { resource.service.name = "b" }',
  );
  assert.equal(
    edgeQuery({ type: "hand-off" }, node("a"), node("b")),
    '{ agent:name = "a" } >> { agent:name = "b" }',
  );
});

test("every edge has a query that can be read, whatever the names are", () => {
  const names = ["plain", 'quo"te', "back\\slash", "`tick`", "{ } | x", "new\nline", "😀"];
  const types = ["agent", "service", "tool", "model"] as const;
  for (const [at, name] of names.entries())
    for (const from of ["agent", "service"] as const)
      for (const to of types)
        for (const type of ["call", "hand-off", "message"] as const) {
          const [a, b] = [node(name, { type: from }), node(names[(at + 1) % names.length]!, { type: to })];
          for (const other of [b, node(name, { type: to })]) {
            const address = tracesOfEdge(edge("a", "b", { type }), a, other, LAST_HOUR);
            const q = new URL(address, "http://x").searchParams.get("q")!;
            assert.equal(parse(q).kind, "search", q);
          }
        }
});
