import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import type { TracesData } from "@clew/protocol/otlp/model";
import { clew, type Ran, type RunOptions } from "./fixtures/shell.ts";

const CLEW = fileURLToPath(new URL("../../bin/clew.js", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "clew-commands-"));
let server: ChildProcess;
let url = "";

before(async () => {
  const ports = ["--grpc-port", "0", "--http-port", "0", "--api-port", "0"];
  server = spawn(process.execPath, [CLEW, "serve", "--json", "--data-dir", join(root, "data"), ...ports], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(server.stdout!, "data")) as [Buffer];
  url = (JSON.parse(String(line)) as { api: string }).api;
});

after(async () => {
  const gone = once(server, "exit");
  server.kill("SIGTERM");
  await gone;
  rmSync(root, { recursive: true, force: true });
});

/** What a terminal would obey or read backwards. */
const STEERING = /[\p{Cc}\u202a-\u202e](?<!\n)/u;

const NOW = BigInt(Date.now()) * 1_000_000n;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER = "1bf7651916cd43dd8448eb211c80319d";

/** Two services, a model call, a tool that fails, a name that would clear the screen. */
function sample(traceId = TRACE): TracesData {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const span = (
    at: number,
    parent: number,
    name: string,
    startMs: number,
    durMs: number,
    more: object = {},
  ) => ({
    traceId,
    spanId: at.toString(16).padStart(16, "0"),
    ...(parent > 0 && { parentSpanId: parent.toString(16).padStart(16, "0") }),
    name,
    kind: 1,
    startTimeUnixNano: String(NOW + BigInt(startMs) * 1_000_000n),
    endTimeUnixNano: String(NOW + BigInt(startMs + durMs) * 1_000_000n),
    ...more,
  });
  const agent = [
    text("gen_ai.operation.name", "invoke_agent"),
    text("gen_ai.agent.name", "planner"),
    text("session.id", "s-77"),
  ];
  const chat = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.request.model", "gpt-4o"),
    text("gen_ai.provider.name", "openai"),
    { key: "gen_ai.usage.input_tokens", value: { intValue: "1200" } },
    { key: "gen_ai.usage.output_tokens", value: { intValue: "80" } },
  ];
  const tool = [
    text("gen_ai.operation.name", "execute_tool"),
    text("gen_ai.tool.name", "sql"),
    text("error.type", "timeout"),
  ];
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "orchestrator")] },
        scopeSpans: [
          {
            spans: [
              span(1, 0, "invoke_agent planner", 0, 900, { attributes: agent }),
              span(2, 1, "chat gpt-4o", 10, 400, { attributes: chat }),
            ],
          },
        ],
      },
      {
        resource: { attributes: [text("service.name", "tools")] },
        scopeSpans: [
          {
            spans: [
              span(3, 1, "execute_tool sql", 420, 300, {
                attributes: tool,
                status: { code: 2, message: "no answer in 300 ms" },
              }),
              span(4, 3, "\u001b[2Jclear \u009b2J \u202ener", 430, 10),
            ],
          },
        ],
      },
    ],
  };
}

const run = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  clew([...args, "--url", url], { cwd: root, ...options });

/** Repeats a command until it succeeds and prints what is wanted: storing takes a moment. */
async function eventually(args: readonly string[], wanted: RegExp, options?: RunOptions): Promise<Ran> {
  for (let left = 40; ; left--) {
    const ran = await run(args, options);
    if (ran.exitCode === 0 && wanted.test(ran.output)) return ran;
    if (left === 0) assert.fail(`${args.join(" ")} printed:\n${ran.output}${ran.notes}`);
    await sleep(250);
  }
}

test("before anything was sent, traces and status say where to send it", async () => {
  const { exitCode, output, notes } = await run(["traces"]);
  assert.equal(exitCode, 0);
  assert.equal(output, "");
  assert.match(notes, /No trace is stored yet/);
  assert.match((await run(["status"])).output, /Nothing was received since it started/);
  const missing = await run(["trace", "abcd"]);
  assert.equal(missing.exitCode, 1);
  assert.match(missing.notes, /^clew: .*abcd/);
});

test("a file is imported and shows up as a trace in the list and as a tree", async () => {
  writeFileSync(join(root, "trace.json"), JSON.stringify(sample()));
  const imported = await run(["import", "trace.json"]);
  assert.equal(imported.output, "Imported 4 spans from 1 file (OTLP/JSON)\n");
  assert.equal(imported.exitCode, 0);

  const list = await eventually(["traces"], /invoke_agent planner/, { terminal: { columns: 120 } });
  assert.match(list.output, /✗ .*0af76519 .*invoke_agent planner +planner +s-77 .*900 ms +4 +1\.3k/);
  assert.match(list.output, /timeout/);

  for (const id of ["last", TRACE, "0af7"]) {
    const { output } = await run(["trace", id], { terminal: { columns: 120 } });
    assert.match(output, /^✗ invoke_agent planner +orchestrator\n/);
    assert.match(output, /session s-77/);
    assert.match(output, /├── chat gpt-4o .*400 ms/);
    assert.match(output, /╰─┬ \[tools\] ✗ execute_tool sql/);
    assert.match(output, /no answer in 300 ms|timeout/);
    assert.ok(output.includes("\\u001b[2Jclear"));
    assert.doesNotMatch(output, STEERING);
  }
});

test("a trace compared with itself is alike, and one that does not exist is named", async () => {
  const { exitCode, output } = await run(["compare", "0af7", "last"]);
  assert.equal(exitCode, 0);
  assert.match(output, /^A {2}✗ 0af76519.*\nB {2}✗ 0af76519/);
  assert.match(output, /Both did the same, in 4 spans\n$/);
  const { lines } = JSON.parse((await run(["compare", "0af7", "last", "--json"])).output) as {
    lines: { a: string; b: string }[];
  };
  assert.deepEqual(
    lines.map(({ a, b }) => a === b),
    [true, true, true, true],
  );
  const missing = await run(["compare", "last", "abcd"]);
  assert.equal(missing.exitCode, 1);
  assert.match(missing.notes, /^clew: .*abcd/);
});

test("filters narrow the list, and what none matches is told apart from nothing stored", async () => {
  for (const filter of [
    "--status=error",
    "--agent=planner",
    "--service=tools",
    "--session=s-77",
    "--model=gpt-4o",
    "--since=1h",
    "--until=1ms",
    "--min-duration=500ms",
    "--max-duration=1s",
    "--attr=error.type=timeout",
  ]) {
    const { items } = JSON.parse((await run(["traces", filter, "--json"])).output) as { items: unknown[] };
    assert.equal(items.length, 1, filter);
  }
  for (const filter of [
    "--status=ok",
    "--agent=nobody",
    "--min-duration=2s",
    "--max-duration=1ms",
    "--until=1h",
    "--attr=error.type=x",
  ]) {
    assert.equal((await run(["traces", filter])).notes, "No trace matches.\n", filter);
  }
});

test("a trace as JSON has one object per span", async () => {
  const trace = JSON.parse((await run(["trace", "last", "--json"])).output) as {
    traceId: string;
    session: { id: string };
    spans: { name: string; service: string; status: string; inputTokens?: number; parentSpanId?: string }[];
  };
  assert.equal(trace.traceId, TRACE);
  assert.equal(trace.session.id, "s-77");
  assert.equal(trace.spans.length, 4);
  assert.equal(trace.spans[1]?.inputTokens, 1200);
  assert.equal(trace.spans[2]?.status, "error");
  assert.equal(trace.spans[2]?.parentSpanId, "0000000000000001");
});

test("JSON that goes to a terminal steers it no more than text does, and means the same", async () => {
  for (const args of [
    ["trace", "last", "--json"],
    ["trace", "last", "--otlp"],
    ["export", "last"],
  ]) {
    const { output } = await run(args, { terminal: { columns: 120 } });
    assert.doesNotMatch(output, STEERING);
    assert.ok(JSON.stringify(JSON.parse(output)).includes("clear \u009b2J \u202ener"));
    const elsewhere = JSON.stringify(JSON.parse((await run(args)).output));
    assert.equal(JSON.stringify(JSON.parse(output)), elsewhere);
  }
});

test("an export is what was imported, in every format, and a file appears complete", async () => {
  const spans = (data: TracesData) =>
    (data.resourceSpans ?? [])
      .flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap((scope) => scope.spans ?? []))
      .sort((a, b) => String(a.spanId).localeCompare(String(b.spanId)));
  const sent = spans(sample());
  assert.deepEqual(spans(JSON.parse((await run(["trace", "last", "--otlp"])).output)), sent);
  assert.deepEqual(spans(JSON.parse((await run(["export", "last"])).output)), sent);
  const lines = (await run(["export", TRACE, "--format", "jsonl"])).output.trimEnd().split("\n");
  assert.deepEqual(spans({ resourceSpans: lines.flatMap((line) => JSON.parse(line).resourceSpans) }), sent);
  const saved = await run(["export", "--all", "--format", "protobuf", "-o", "all.pb", "--json"]);
  const { bytes } = JSON.parse(saved.output) as { bytes: number };
  const file = readFileSync(join(root, "all.pb"));
  assert.equal(file.length, bytes);
  assert.deepEqual(spans(decodeOtlp("traces", file)), sent);
});

test("what was exported can be imported again, from standard input, and is stored once", async () => {
  const { output } = await run(["export", "last", "--format", "jsonl"]);
  const again = await run(["import", "-", "--json"], { input: output });
  assert.equal(again.exitCode, 0, again.notes);
  assert.equal((JSON.parse(again.output) as { accepted: { traces: number } }).accepted.traces, 4);
});

test("an import of which something is rejected says why and exits with 1", async () => {
  const bad = sample("0".repeat(32));
  writeFileSync(join(root, "bad.json"), JSON.stringify(bad));
  const { exitCode, output } = await run(["import", "bad.json"]);
  assert.equal(exitCode, 1);
  assert.match(output, /^Imported 0 spans from 1 file \(OTLP\/JSON\)\nRejected 4:\n +4 x .*id/);
  writeFileSync(join(root, "not.txt"), "hello");
  const unreadable = await run(["import", "not.txt"]);
  assert.equal(unreadable.exitCode, 1);
  assert.match(unreadable.output, /Cannot be read: not\.txt: neither JSON nor/);
  const missing = await run(["import", "missing.json"]);
  assert.equal(missing.exitCode, 1);
  assert.match(missing.notes, /missing\.json: there is no such file/);
});

test("status counts what was received, refused and by whom", async () => {
  await fetch(`${(await status()).otlp}/traces`, { method: "POST", body: "x" });
  const { output } = await eventually(["status"], /Refused requests/);
  assert.match(output, /^Clew \d/);
  assert.match(output, /Store +ready/);
  assert.match(output, /^traces +\d+ +\d+ +4$/m);
  assert.match(output, /x 404 [\s\S]*\/v1\/traces/);
  assert.match(output, /^orchestrator /m);
});

async function status(): Promise<{ otlp: string }> {
  const answer = (await (await fetch(`${url}/api/v1/setup`)).json()) as { otlp: { http: string } };
  return { otlp: answer.otlp.http };
}

test("tail prints a trace when it arrives, and ends well when interrupted", async () => {
  const ending = new AbortController();
  let seen = "";
  const tailing = run(["tail", "--json"], { signal: ending.signal, onOutput: (output) => (seen = output) });
  await sleep(500);
  await run(["import", "-"], { input: JSON.stringify(sample(OTHER)) });
  for (let left = 40; left > 0 && !seen.includes(OTHER); left--) await sleep(250);
  ending.abort();
  const { exitCode } = await tailing;
  assert.equal(exitCode, 0);
  const item = JSON.parse(seen.split("\n")[0] ?? "") as { traceId: string; rootName: string };
  assert.deepEqual([item.traceId, item.rootName], [OTHER, "invoke_agent planner"]);
});
