import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Served, serveApi } from "../../http/testing/serve-api.ts";
import { LiveTraces } from "../../query/live-traces.ts";
import { logAt, logsDataOf } from "../../query/logs/testing/plain-log.ts";
import { Queries } from "../../query/queries.ts";
import { ingest } from "../../query/testing/ingest.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { clew, type Ran } from "../fixtures/shell.ts";

const TRACE = traceIdOf("a");
const SPAN = spanIdOf("a");
let opened: TestStore;
let served: Served;

const run = (args: readonly string[], columns?: number): Promise<Ran> =>
  clew(["logs", ...args, "--url", served.url], columns === undefined ? {} : { terminal: { columns } });

before(async () => {
  opened = await openTestStore(openEmbedded);
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("before anything was sent it says so", async () => {
  const { exitCode, output, notes } = await run([]);
  assert.deepEqual([exitCode, output, notes], [0, "", "No log record is stored yet.\n"]);
});

test("records are listed with the newest at the bottom, and narrowed by every option", async () => {
  const now = BigInt(Date.now()) * 1_000_000n;
  await insertSpans(opened.store, [{ trace_id: TRACE, span_id: SPAN, start_ns: now, session_id: "s-77" }]);
  await ingest(
    opened.store,
    "logs",
    logsDataOf([
      logAt(now, { body: { stringValue: "first" }, traceId: TRACE, spanId: SPAN, severityNumber: 9 }),
      logAt(now + 1_000_000n, {
        body: { stringValue: "second \u001b[2J" },
        severityNumber: 13,
        attributes: { "task.id": "t-1", "test.case.id": "late-fee" },
        resource: { "service.name": "other" },
      }),
    ]),
  );
  const { output } = await run([], 100);
  assert.match(output, /INFO +service +[0-9a-f]{8} +first\n.*WARN +other +second \\u001b\[2J\n$/);
  for (const [args, wanted] of [
    [["{ severity >= warn }"], "second"],
    [["--trace", TRACE.slice(0, 8)], "first"],
    [["--trace", "last"], "first"],
    [["--span", SPAN], "first"],
    [["--text", "SECON"], "second"],
    [["--service", "other"], "second"],
    [["--session", "s-77"], "first"],
    [["--task", "t-1"], "second"],
    [["--test-case", "late-fee"], "second"],
    [["--limit", "1"], "second"],
  ] as const) {
    const ran = await run([...args, "--since", "1h"]);
    assert.equal(ran.output.trimEnd().split("\n").length, 2, `${args}: ${ran.output}${ran.notes}`);
    assert.ok(ran.output.includes(wanted), `${args}`);
  }
  assert.equal((await run(["--until", "1h"])).notes, "No log record matches.\n");
  const around = await run(["--trace", TRACE, "--around", SPAN, "--before", "1s", "--after", "1s"]);
  assert.match(around.output, /OF +BODY\n.* span +first\n$/);
});

test("--json is the API's answer, newest first, and a cursor goes on", async () => {
  const page = JSON.parse((await run(["--json", "-n", "1"])).output);
  assert.equal(page.items[0].body, "second \u001b[2J");
  const rest = JSON.parse((await run(["--json", "--cursor", page.next])).output);
  assert.deepEqual(
    rest.items.map(({ body }: { body: string }) => body),
    ["first"],
  );
  assert.match((await run(["-n", "1"], 100)).notes, /^The newest 1; --limit N shows more/);
});

test("a malformed filter is shown with carets under its fault, and exits with 2", async () => {
  const { exitCode, output, notes } = await run(["{ severty >= warn }"]);
  assert.equal(exitCode, 2);
  assert.equal(output, "");
  assert.equal(
    notes,
    'clew: "severty" is no field and no value of log records; did you mean severity?\n  { severty >= warn }\n    ^^^^^^^\n',
  );
  const beyond = await run(["{ log.x % 2 = 1 || .n }"]);
  assert.equal(beyond.exitCode, 0, beyond.notes);
});
