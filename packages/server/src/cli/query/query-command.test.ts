import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Served, serveApi } from "../../http/testing/serve-api.ts";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { assertGolden } from "../fixtures/golden.ts";
import { clew, type Ran, type RunOptions } from "../fixtures/shell.ts";

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertSpans(
    opened.store,
    ["a", "b", "c"].flatMap((name, at) => {
      const span = {
        trace_id: traceIdOf(name),
        start_ns: 1_790_000_000_000_000_000n + BigInt(at),
        service_name: "shop",
      };
      return [
        { ...span, span_id: spanIdOf(name), name },
        {
          ...span,
          span_id: spanIdOf(`${name} below`),
          parent_span_id: spanIdOf(name),
          name: "below",
          status_code: 2,
        },
      ];
    }),
  );
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

const run = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  clew(["query", ...args, "--url", served.url], options);

test("traces are listed with the spans that match", async () => {
  const { exitCode, output } = await run(['{ name = "b" } > { status = error } | select(status)'], {
    terminal: { columns: 100 },
  });
  assert.equal(exitCode, 0);
  const [, trace, span, ...rest] = output.trimEnd().split("\n");
  assert.match(trace!, new RegExp(`${traceIdOf("b").slice(0, 8)} +b `));
  assert.equal(span, "   · below  shop  1 ms  span:status=error");
  assert.deepEqual(rest, []);
});

test("the API's answer is printed for programs, page by page", async () => {
  const first = JSON.parse((await run(["{ status = error }", "--json", "-n", "2", "--spans", "1"])).output);
  assert.deepEqual(
    first.items.map((item: { rootName: string }) => item.rootName),
    ["c", "b"],
  );
  assert.equal(first.items[0].spanSets[0].spans[0].spanId, spanIdOf("c below"));
  const second = JSON.parse((await run(["{ status = error }", "--json", "--cursor", first.next])).output);
  assert.deepEqual([second.items.length, second.items[0].rootName, second.next], [1, "a", undefined]);
});

test("what finds nothing says so and is no failure", async () => {
  assert.deepEqual(await run(['{ name = "nobody" }']), {
    exitCode: 0,
    output: "",
    notes: "No trace matches.\n",
  });
});

test("a fault is shown with carets under it, before the server is asked", async () => {
  const faults = [
    "{ status = eror }",
    "{ agent:tokns > 1000 }",
    "{ name =~ `[` }",
    '{\n  name = "a" &&\n  duration > "long"\n}',
    "{ .a = 1",
    `{ ${".a = 1 || ".repeat(30)} duration = "x" }`,
    "{ } | rate()",
    Array.from({ length: 17 }, () => "{ .a }").join(" || "),
  ];
  const lines: string[] = [];
  for (const query of faults) {
    const { exitCode, output, notes } = await run([query]);
    assert.deepEqual([exitCode, output], [2, ""], query);
    lines.push(...notes.trimEnd().split("\n"));
  }
  assertGolden("query-faults", lines);
});

test("--check asks no server: 0 for a query, 2 for a fault", async () => {
  const check = (query: string, ...more: string[]) =>
    clew(["query", "--check", query, "--url", "http://127.0.0.1:1", ...more]);
  assert.deepEqual(await check("{ } | rate()"), { exitCode: 0, output: "", notes: "" });
  const fault = await check("{ status = eror }");
  assert.deepEqual([fault.exitCode, fault.output], [2, ""]);
  assert.match(fault.notes, /did you mean error\?\n {2}\{ status = eror \}\n {13}\^\^\^\^\n$/);
  assert.deepEqual(JSON.parse((await check("{ }", "--json")).output), { valid: true, kind: "search" });
  const told = await check("{ status = eror }", "--json");
  assert.equal(told.exitCode, 2);
  const { valid, position, suggestion } = JSON.parse(told.output);
  assert.deepEqual([valid, position, suggestion], [false, { offset: 11, length: 4 }, "error"]);
});

test("a server that is not there is a failure, a wrong option bad usage", async () => {
  assert.equal((await clew(["query", "{ }", "--url", "http://127.0.0.1:1"])).exitCode, 1);
  assert.equal((await run(["{ }", "--limit", "0"])).exitCode, 2);
  assert.equal((await run([])).exitCode, 2);
});
