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
  await insertSpans(
    opened.store,
    Array.from({ length: 1001 }, (_, at) => ({
      trace_id: traceIdOf("crowd"),
      span_id: spanIdOf(`crowd ${at}`),
      start_ns: 1_780_000_000_000_000_000n,
    })),
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
    "{ } | rate() by (agent:nam)",
    `{ } | quantile_over_time(duration, ${Array.from({ length: 21 }, () => ".5").join(", ")})`,
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

const TIME = ["--from", "2026-09-21T14:13:00Z", "--to", "2026-09-21T14:14:00Z"];

test("a metrics query is a chart or lines on a terminal", async () => {
  const terminal = { columns: 80 };
  const one = await run(["{ } | count_over_time()", ...TIME, "--step", "10s"], { terminal });
  assert.equal(one.exitCode, 0);
  const [heading, top, ...rows] = one.output.trimEnd().split("\n");
  assert.equal(heading, "count_over_time  min 0  max 4  last 0  spans, a point each 10s");
  assert.match(top!, /^4 ┤ +████████$/);
  assert.match(rows.at(-2)!, /^0 └/);
  const several = await run(["{ } | rate() by (name)", ...TIME, "--step", "10s"], { terminal });
  const [head, ...lines] = several.output.trimEnd().split("\n");
  assert.match(head!, /^name +\S+ +\S+ +MIN +MAX +LAST$/);
  assert.match(lines[0]!, /^a +[▁█]+ +0 +0.1\/s +0$/);
  assert.deepEqual([several.notes, lines.length], ["", 5]);
});

test("the API's series are printed for programs, and a table into a file", async () => {
  const query = "{ status = error } | count_over_time() by (name)";
  const asked = [query, ...TIME, "--step", "none", "--exemplars", "1"];
  const { timesMs, series } = JSON.parse((await run([...asked, "--json"])).output);
  assert.deepEqual(timesMs, [Date.parse("2026-09-21T14:14:00Z")]);
  assert.deepEqual(
    series.map(({ values, exemplars }: { values: number[]; exemplars: object[] }) => [
      values,
      exemplars.length,
    ]),
    [[[3], 1]],
  );
  const { output, notes } = await run(asked);
  assert.deepEqual([output, notes], ["name   VALUE\nbelow      3\n", ""]);
});

test("a comparison is one table for the whole time", async () => {
  const { output } = await run(["{ } | compare({ status = error })", ...TIME], { terminal: { columns: 80 } });
  const [heading, , ...rows] = output.trimEnd().split("\n");
  assert.equal(heading, "3 selected spans, 3 others");
  const name = rows.find((row) => row.startsWith("name "));
  assert.match(name!, /^name +below +100.0 % +0.0 % +\+100.0 % +█+$/);
});

test("series of nothing say so; those of no time or of too many points are bad usage", async () => {
  const nothing = await run(["{ } | rate() by (name)", "--since", "1h"]);
  assert.deepEqual(nothing, { exitCode: 0, output: "", notes: "No span matches.\n" });
  const backwards = await run(["{ } | rate()", "--from", TIME[3]!, "--to", TIME[1]!]);
  assert.deepEqual([backwards.exitCode, backwards.output], [2, ""]);
  assert.match(backwards.notes, /^clew: from is not before to\n$/);
  const many = await run(["{ } | rate()", "--since", "30d", "--step", "1s"]);
  assert.deepEqual([many.exitCode, many.output], [2, ""]);
  assert.match(many.notes, /^clew: an answer has at most 5000 points, these would be 2592000; .*\n$/);
});

test("more series than one answer carries are told of", async () => {
  const time = ["--from", "2026-05-28T20:00:00Z", "--to", "2026-05-28T21:00:00Z"];
  const { output, notes } = await run(["{ } | rate() by (span:id)", ...time]);
  assert.equal(output.trimEnd().split("\n").length, 1 + 1000);
  assert.equal(notes, "These are 1,000 of 1,001 series; topk(N) gives the greatest.\n");
});

test("an option that the kind of query does not take is bad usage", async () => {
  for (const [args, message] of [
    [["{ } | rate()", "--limit", "3"], /^clew: --limit is for traces; this query asks for series\n$/],
    [["{ } | rate()", "--cursor", "x"], /^clew: --cursor is for traces/],
    [["{ }", "--step", "1m"], /^clew: --step is for series; this query asks for traces/],
    [["{ }", "--exemplars", "3"], /^clew: --exemplars is for series/],
    [["{ } | rate()", "--step", "0s"], /It must be longer than nothing/],
    [["{ } | rate()", "--step", "often"], /It must be a length of time/],
    [["{ } | rate()", "--exemplars", "101"], /from 1 to 100/],
    [["{ }", "--since", "1h", "--from", "2h"], /'--from <time>' cannot be used with option '--since <time>'/],
  ] as const) {
    const { exitCode, output, notes } = await run(args);
    assert.deepEqual([exitCode, output], [2, ""], args.join(" "));
    assert.match(notes, message);
  }
});

test("a server that is not there is a failure, a wrong option bad usage", async () => {
  assert.equal((await clew(["query", "{ }", "--url", "http://127.0.0.1:1"])).exitCode, 1);
  assert.equal((await clew(["query", "{ } | rate()", "--url", "http://127.0.0.1:1"])).exitCode, 1);
  assert.equal((await run(["{ }", "--limit", "0"])).exitCode, 2);
  assert.equal((await run([])).exitCode, 2);
});
