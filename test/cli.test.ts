import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { everything } from "./harness/every-value.ts";
import { exported } from "./harness/exported.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { type CommandOptions, type CommandResult, runClew } from "./harness/run-clew.ts";
import { Sender } from "./harness/sender.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

let server: ServerProcess;
const load = new NumberedLoad();
const EVERYTHING = createHash("md5").update("everything").digest("hex");

before(async () => {
  server = await ServerProcess.start();
  using sender = new Sender(server.ports);
  for (const request of [load.next("traces", 60), load.next("logs", 7), load.next("metrics", 5)]) {
    assert.equal(await sender.send(request), "acknowledged");
  }
  await assertStoredOnce(server, load, sender.acknowledged);
});

after(() => server[Symbol.asyncDispose]());

/** Runs a command against the server and expects it to succeed without a word beside its result. */
async function clew(args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const env = { LC_ALL: "C.UTF-8", ...options.env };
  const result = await runClew([...args, "--url", server.url], { ...options, env });
  assert.deepEqual([result.code, result.stderr], [0, ""]);
  assertPlain(result);
  return result.stdout;
}

/** A pipe gets no colours and nothing that moves a cursor. */
function assertPlain({ stdout, stderr }: CommandResult): void {
  for (const control of ["\u001b", "\u0007", "\b", "\r"]) assert.ok(!(stdout + stderr).includes(control));
}

test("traces lists the newest first, and its JSON is the API's", async () => {
  const lines = (await clew(["traces"])).trimEnd().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0]!, /STARTED\s+TRACE\s+NAME/);
  const ids = [40, 20, 0].map((n) => load.traceId(n));
  for (const [at, id] of ids.entries())
    assert.match(lines[at + 1]!, new RegExp(`${id}.*invoke_agent planner.* 20 `));
  const json = JSON.parse(await clew(["traces", "--json"]));
  assert.deepEqual(
    json.items.map((item: { traceId: string }) => item.traceId),
    ids,
  );
  const { items } = await server.api.traces();
  assert.deepEqual(json.items, items);
});

test("traces can be narrowed, and finding none is no failure", async () => {
  const count = async (...args: string[]): Promise<number> =>
    JSON.parse(await clew(["traces", "--json", ...args])).items.length;
  assert.equal(await count("--session", `session-${load.name}`), 3);
  assert.equal(await count("--session", "another"), 0);
  assert.equal(await count("--since", "2h"), 3);
  assert.equal(await count("--since", "1s"), 0);
  assert.equal(await count("--limit", "2"), 2);
});

test("trace shows a tree of all spans, by last, by id and by the beginning of one", async () => {
  const whole = await clew(["trace", load.traceId(40)]);
  assert.match(whole, new RegExp(`trace ${load.traceId(40)}`));
  const [tree, explained] = whole.split("\nCritical path");
  assert.equal(tree?.match(/ chat \d/g)?.length, 19);
  assert.match(explained ?? "", /%/);
  assert.match(whole, /20 spans · 2 errors/);
  const ascii = await clew(["trace", load.traceId(40)], { env: { LC_ALL: "C" } });
  assert.match(ascii, /20 spans \| 2 errors/);
  assert.equal(await clew(["trace", "last"]), whole);
  assert.equal(await clew(["trace", load.traceId(40).toUpperCase()]), whole);
  await store(everything(EVERYTHING));
  const byPrefix = JSON.parse(await clew(["trace", EVERYTHING.slice(0, 6), "--json"]));
  assert.deepEqual([byPrefix.traceId, byPrefix.spans.length], [EVERYTHING, 7]);
});

async function store(data: ReturnType<typeof everything>): Promise<void> {
  const http = new RawHttp(server.ports.http);
  assert.equal((await http.send("traces", encodeOtlp("traces", data))).status, 200);
  http.close();
  await until("the trace to be stored", async () => (await server.api.trace(EVERYTHING)).n === 7);
}

test("the JSON of every command that has it parses", async () => {
  const id = load.traceId(0);
  for (const args of [["traces"], ["trace", id], ["status"]]) {
    const value: unknown = JSON.parse(await clew([...args, "--json"]));
    assert.equal(typeof value, "object", args[0]);
  }
  assert.equal(typeof JSON.parse(await clew(["trace", id, "--otlp"])), "object");
});

test("status tells what is received, stored and refused", async () => {
  const http = new RawHttp(server.ports.http);
  await http.send("traces", Buffer.from("no protobuf"));
  http.close();
  const shown = await clew(["status"]);
  assert.match(shown, /Store\s+ready/);
  assert.match(shown, /logs\s+1\s+7\s+0/);
  assert.match(shown, new RegExp(load.service));
  assert.match(shown, /400/);
  const { stored, ingest } = JSON.parse(await clew(["status", "--json"]));
  assert.deepEqual([stored.logs, stored.metricPoints], [7, 5]);
  assert.equal(ingest.refusals[0].reason, "malformed_otlp");
});

test("tail follows traces as they arrive, as lines and as JSON, until Ctrl-C", async () => {
  for (const json of [[], ["--json"]]) {
    const more = new NumberedLoad();
    using sender = new Sender(server.ports);
    const follow = async (output: () => string): Promise<void> => {
      // It may have begun to listen only after the first trace.
      const sent = async (): Promise<boolean> => {
        await sender.send(more.next("traces", 20));
        return output().includes(more.name);
      };
      await until("a trace in what tail prints", sent, { pollMs: 300 });
    };
    const result = await runClew(["tail", "--url", server.url, ...json], { until: follow });
    assert.ok(result.code === 0 || result.code === 130, `code ${result.code}: ${result.stderr}`);
    assertPlain(result);
    const lines = result.stdout.trimEnd().split("\n");
    assert.ok(lines.length > 0);
    if (json.length > 0) for (const line of lines) assert.equal(typeof JSON.parse(line), "object");
  }
});

test("what one server exports another imports, from files and through a pipe, and both then hold the same", async () => {
  await using other = await ServerProcess.start();
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);
  const wrote = await runClew(
    ["export", "--all", "--format", "protobuf", "--output", "traces.pb", "--url", server.url],
    { cwd: folder },
  );
  assert.equal(wrote.code, 0, wrote.stderr);
  assertPlain(wrote);
  writeFileSync(file("logs.jsonl"), await clew(["export", "--all", "--signal", "logs", "--format", "jsonl"]));
  const piped = await clew(["export", "--all", "--signal", "metrics"]);
  const toOther = ["--json", "--url", other.url];
  const files = await runClew(["import", "traces.pb", "logs.jsonl", ...toOther], { cwd: folder });
  assert.equal(files.code, 0, files.stderr);
  const spans = await server.engine.number("SELECT uniqExact(trace_id, span_id) FROM spans");
  const { accepted, rejected } = JSON.parse(files.stdout);
  assert.deepEqual([accepted.traces, accepted.logs, rejected], [spans, 7, 0]);
  const pipe = await runClew(["import", "-", ...toOther], { input: piped });
  assert.equal(pipe.code, 0, pipe.stderr);
  for (const signal of ["traces", "logs", "metrics"] as const) {
    const wanted = await exported(server, signal, {});
    assert.ok(wanted.length >= 5);
    const found = await until(`${wanted.length} records of ${signal} in the other server`, async () => {
      const records = await exported(other, signal, {});
      return records.length >= wanted.length && records;
    });
    assert.deepEqual(found, wanted);
  }
  const again = await runClew(["import", "traces.pb", ...toOther], { cwd: folder });
  assert.equal(again.code, 0, again.stderr);
  assert.ok(readFileSync(file("traces.pb")).length > 1000);
  await until(
    "the repeats to be noticed",
    async () => ((await other.api.status()).pipeline?.duplicates ?? 0) >= spans,
  );
  assert.equal(await other.engine.number("SELECT count() FROM spans"), spans);
});

test("import says what it cannot read and goes on with the rest", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "bad.json"), '{"resourceSpans": [{"scopeSpans": 5}]}');
  writeFileSync(join(folder, "good.json"), await clew(["export", load.traceId(0)]));
  const result = await runClew(["import", "bad.json", "good.json", "--url", server.url], { cwd: folder });
  assert.equal(result.code, 1);
  assertPlain(result);
  assert.match(result.stdout + result.stderr, /bad\.json/);
  assert.match(result.stdout + result.stderr, /20 spans/);
});

const FAILURES: Record<string, { args: string[]; code: number; says: RegExp }> = {
  "no such trace": { args: ["trace", "ffffffff"], code: 1, says: /No trace ffffffff is stored/ },
  "a prefix of several": {
    args: ["trace", "PREFIX"],
    code: 1,
    says: /Several traces.*PREFIX0000000000000001/,
  },
  "an unknown command": { args: ["trance"], code: 2, says: /trance.*did you mean trace/ },
  "an unknown option": { args: ["traces", "--sinse", "1h"], code: 2, says: /--sinse.*--since/ },
  "no time": { args: ["traces", "--since", "soon"], code: 2, says: /soon.*30m/ },
  "no number": { args: ["traces", "--limit", "many"], code: 2, says: /many.*1 to 1000/ },
  "nothing to export": { args: ["export"], code: 2, says: /--all/ },
  "a format that is none": { args: ["export", "last", "--format", "xml"], code: 2, says: /xml.*otlp/ },
  "nothing to import": { args: ["import"], code: 2, says: /files/ },
  "no such file": { args: ["import", "nowhere.json"], code: 1, says: /nowhere\.json.*no such file/ },
  "an argument too few": { args: ["trace"], code: 2, says: /id/ },
};

for (const [name, { args, code, says }] of Object.entries(FAILURES)) {
  test(`a failure is one line on standard error and exit code ${code}: ${name}`, async () => {
    const filled = args.map((arg) => arg.replace("PREFIX", load.name));
    const result = await runClew([...filled, "--url", server.url]);
    assert.deepEqual([result.code, result.stdout], [code, ""], result.stderr);
    assertPlain(result);
    assert.equal(result.stderr.trimEnd().split("\n").length, 1, result.stderr);
    assert.match(result.stderr, /^clew: /);
    assert.match(result.stderr, new RegExp(says.source.replace("PREFIX", load.name)));
  });
}

test("a server that is not running is one clear line and exit code 1 for every command", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.json"), "{}");
  const url = "http://127.0.0.1:1";
  const commands = [
    ["traces"],
    ["trace", "last"],
    ["tail"],
    ["status"],
    ["export", "--all"],
    ["import", "a.json"],
  ];
  for (const args of commands) {
    const result = await runClew([...args, "--url", url], { cwd: folder });
    assert.deepEqual([result.code, result.stdout], [1, ""], args[0]);
    assert.equal(result.stderr.trimEnd().split("\n").length, 1, result.stderr);
    assert.ok(result.stderr.startsWith(`clew: No Clew server answers at ${url}`), result.stderr);
  }
});

test("a token is asked for, and the command says how to give it", async () => {
  const token = "a-token-of-a-test";
  await using guarded = await ServerProcess.start({ env: { CLEW_TOKEN: token } });
  const without = await runClew(["traces", "--url", guarded.url]);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /CLEW_TOKEN/);
  const wrong = await runClew(["traces", "--url", guarded.url], { env: { CLEW_TOKEN: "another-token" } });
  assert.equal(wrong.code, 1);
  const right = await runClew(["traces", "--url", guarded.url], { env: { CLEW_TOKEN: token } });
  assert.equal(right.code, 0, right.stderr);
  const http = new RawHttp(guarded.ports.http);
  assert.equal((await http.send("traces", Buffer.alloc(0))).status, 401);
  http.close();
  for (const text of [guarded.notes, guarded.output, without.stderr, wrong.stderr])
    assert.ok(!text.includes(token));
});
