import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundlePreload } from "../scripts/bundle-preload.ts";
import { runAgent } from "./harness/agent-process.ts";
import { latestSpans } from "./harness/latest-spans.ts";
import type { ReceivedSpan } from "./harness/otlp-collector.ts";

const PACKAGE = fileURLToPath(new URL("../packages/instrument", import.meta.url));
const KINDS = ["esm", "cjs"] as const;
const NAMES = "{ agent, extract, inject, tool, withCorrelation }";

function withImport(kind: "esm" | "cjs", body: string): string {
  return kind === "esm"
    ? `import ${NAMES} from "@clew/instrument";\n${body}`
    : `const ${NAMES} = require("@clew/instrument");\n${body}`;
}

/** Uses everything there is, and prints what a caller sees of it. */
const PROGRAM = `
const wait = () => new Promise((resolve) => setTimeout(resolve, 5));
async function* words() { yield await tool("spell", async () => "a"); await wait(); yield "b"; }
async function main() {
  const seen = [];
  seen.push(agent("sync", () => tool("add", () => 1 + 2, { arguments: { a: 1, b: 2 }, callId: "call_1" })));
  seen.push(await withCorrelation({ "session.id": "s 1", "task.id": "t1", "user.id": undefined }, async () => {
    await wait();
    return agent("async", async (span) => { span.set("retries", 2); await wait(); return "done"; });
  }));
  for (const [name, work] of [["throws", () => { throw new TypeError("bad"); }], ["rejects", async () => { await wait(); throw new RangeError("worse"); }]]) {
    try { await agent(name, work); } catch (error) { seen.push(String(error)); }
  }
  const stream = agent("streaming", () => words());
  await wait();
  for await (const word of stream) seen.push(word);
  for await (const word of await agent("left", async () => words())) { seen.push(word); break; }
  const carrier = withCorrelation({ "test.case.id": "case" }, () => agent("caller", () => inject({})));
  extract(new Map(Object.entries(carrier)), () => agent("callee", () => {}));
  const kafka = Object.fromEntries(Object.entries(carrier).map(([key, value]) => [key.toUpperCase(), [Buffer.from(value)]]));
  seen.push(await extract(kafka, async () => agent("consumer", () => "consumed")));
  console.log(JSON.stringify(seen));
  return carrier;
}
`;
const SEEN = `${JSON.stringify([3, "done", "TypeError: bad", "RangeError: worse", "a", "b", "a", "consumed"])}\n`;

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const span = spans.find((one) => one.name === name);
  assert.ok(span, `${name} is not among ${spans.map((one) => one.name)}`);
  return span;
}

for (const kind of KINDS) {
  test(`spans written by hand: sync, async, streams, errors, context in carriers, ${kind}`, async () => {
    const source = withImport(kind, `${PROGRAM} main();`);
    const { spans, stdout, stderr, code } = await runAgent({ kind, source });
    assert.deepEqual([code, stderr, stdout], [0, "", SEEN]);

    const sync = named(spans, "invoke_agent sync");
    const add = named(spans, "execute_tool add");
    assert.equal(add.parentSpanId, sync.spanId);
    assert.equal(sync.kind, 1);
    assert.deepEqual(add.attributes, {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "add",
      "gen_ai.tool.call.id": "call_1",
    });

    const { attributes } = named(spans, "invoke_agent async");
    assert.equal(attributes["gen_ai.agent.name"], "async");
    assert.deepEqual([attributes["session.id"], attributes["task.id"], attributes.retries], ["s 1", "t1", 2]);
    assert.equal("user.id" in attributes, false);

    for (const [name, type, message] of [
      ["throws", "TypeError", "bad"],
      ["rejects", "RangeError", "worse"],
    ] as const) {
      const failed = named(spans, `invoke_agent ${name}`);
      assert.equal(failed.attributes["error.type"], type);
      assert.deepEqual({ ...failed.status }, { code: 2, message });
    }

    const streaming = named(spans, "invoke_agent streaming");
    const left = named(spans, "invoke_agent left");
    const spelled = latestSpans(spans).filter(({ name }) => name === "execute_tool spell");
    assert.deepEqual(
      spelled.map(({ parentSpanId }) => parentSpanId),
      [streaming.spanId, left.spanId],
    );
    assert.ok(BigInt(streaming.endTimeUnixNano!) - BigInt(streaming.startTimeUnixNano!) >= 9_000_000n);
    assert.equal(streaming.attributes["clew.cancelled"], undefined);
    assert.equal(left.attributes["clew.cancelled"], true);

    const caller = named(spans, "invoke_agent caller");
    for (const name of ["callee", "consumer"]) {
      const called = named(spans, `invoke_agent ${name}`);
      assert.deepEqual([called.traceId, called.parentSpanId], [caller.traceId, caller.spanId]);
      assert.equal(called.attributes["test.case.id"], "case");
    }
  });

  test(`without a preload the functions only run what they are given, ${kind}`, async () => {
    const source = withImport(
      kind,
      `${PROGRAM} main().then((carrier) => console.log(Object.keys(carrier).length));`,
    );
    assert.deepEqual(await run(kind, source), { stdout: `${SEEN}0\n`, stderr: "" });
  });
}

test("arguments and results of tools are recorded as far as the level of content allows", async () => {
  const source = withImport(
    "esm",
    'await tool("search", async () => ({ hits: ["one"] }), { arguments: { query: "what" } });',
  );
  const recorded = async (level: string) => {
    const { spans } = await runAgent({ kind: "esm", source, env: { CLEW_CONTENT: level } });
    const { attributes } = named(spans, "execute_tool search");
    return [attributes["gen_ai.tool.call.arguments"], attributes["gen_ai.tool.call.result"]];
  };
  assert.deepEqual(await recorded("full"), ['{"query":"what"}', '{"hits":["one"]}']);
  assert.deepEqual(await recorded("metadata"), ['{"size":16}', '{"size":16}']);
  assert.deepEqual(await recorded("off"), [undefined, undefined]);
});

test("beside an OpenTelemetry SDK whose API is older, spans are that SDK's", async () => {
  const sdk = `
    const started = [];
    const span = { setAttribute() { return span; }, end() {}, isRecording: () => true };
    globalThis[Symbol.for("opentelemetry.js.api.1")] = {
      version: "1.4.0",
      trace: { getTracer: () => ({ startSpan(name) { started.push(name); return span; } }) },
    };
    agent("mine", () => {});
    console.log(started);`;
  assert.deepEqual(await run("esm", withImport("esm", sdk)), {
    stdout: "[ 'invoke_agent mine' ]\n",
    stderr: "",
  });
});

/** Runs a program as it is, with no preload. */
async function run(kind: "esm" | "cjs", source: string) {
  await bundlePreload();
  const folder = mkdtempSync(join(tmpdir(), "clew-api-"));
  try {
    mkdirSync(join(folder, "node_modules/@clew"), { recursive: true });
    symlinkSync(PACKAGE, join(folder, "node_modules/@clew/instrument"));
    const file = join(folder, kind === "esm" ? "program.mjs" : "program.cjs");
    writeFileSync(file, source);
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name)),
    );
    return await promisify(execFile)(process.execPath, [file], { env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
