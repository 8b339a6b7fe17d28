import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createLogger } from "../../log.ts";
import { FileRecorder } from "./file-recorder.ts";
import { FileReplayer } from "./file-replayer.ts";
import { missingAnswer } from "./missing-answer.ts";
import { playedBack } from "./played-back.ts";
import type { RecordableCall } from "./recorder.ts";

const logger = createLogger({ level: "silent", target: { write: () => undefined } });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clew-recordings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function call(body: unknown, over: Partial<RecordableCall> = {}): RecordableCall {
  return {
    method: "POST",
    path: "/v1/chat/completions",
    headers: { "content-type": "application/json" },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    ...over,
  };
}

const ask = (text: string) => ({ model: "gpt-5", messages: [{ role: "user", content: text }] });

interface Said {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
}

async function record(
  calls: readonly (readonly [RecordableCall, ...(string | Uint8Array)[]])[],
  said: Said = {},
) {
  const recorder = new FileRecorder({ folder, logger, secrets: ["upstream-secret-1"] });
  for (const [asked, ...chunks] of calls) {
    const recording = recorder.open(asked);
    recording.head(said.status ?? 200, said.headers ?? { "content-type": "application/json" });
    for (const chunk of chunks) recording.chunk(Buffer.from(chunk));
    recording.end();
  }
  await recorder.close();
}

function replayer(match: "strict" | "loose" = "loose", missing: "error" | "forward" = "error") {
  return new FileReplayer({ folder, match, missing });
}

/** The text of an answer, or that there is none. */
function told(replay: FileReplayer, asked: RecordableCall): string | undefined {
  const answer = replay.answer(asked);
  if (answer === undefined || answer === "missing") return answer;
  return Buffer.concat(answer.chunks.map(({ bytes }) => bytes)).toString();
}

const files = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

test("what was recorded is served: status, headers and every byte, in the chunks in which it came", async () => {
  const chunks = ['data: {"a":1}\n\n', Buffer.from([0xc3]), Buffer.from([0xbc, 0x0a]), "data: [DONE]\n\n"];
  const headers = { "content-type": "text/event-stream", "content-length": "7", "x-request-id": "r1" };
  await record([[call(ask("hello")), ...chunks]], { status: 201, headers });
  const answer = replayer("strict").answer(call(ask("hello")));
  assert.ok(typeof answer === "object");
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.headers, { "content-type": "text/event-stream", "x-request-id": "r1" });
  assert.deepEqual(
    answer.chunks.map(({ bytes }) => Buffer.from(bytes)),
    chunks.map((chunk) => Buffer.from(chunk)),
  );
});

test("a file lies where a person looks for it, and is JSON that a person reads", async () => {
  const asked = call(ask("hello"), { testCaseId: "refund/1", agent: "main" });
  await record([[asked, '{"choices":[]}']]);
  const [path] = files();
  assert.match(path ?? "", /^refund_1~[\da-f]{6}\/main\/gpt-5-[\da-f]{12}-1\.json$/);
  const file = JSON.parse(readFileSync(join(folder, path ?? ""), "utf8"));
  assert.equal(file.testCase, "refund/1");
  assert.equal(file.agent, "main");
  assert.deepEqual(file.request.body.json, ask("hello"));
  assert.deepEqual(file.answer.chunks[0].json, { choices: [] });
});

test("names that callers make up stay below the folder", async () => {
  const asked = call({ model: "../../../etc/passwd" }, { testCaseId: "..", agent: "/root" });
  await record([[asked, "x"]]);
  assert.equal(files().length, 1);
  assert.equal(told(replayer("strict"), asked), "x");
});

test("equal requests are served in the order in which they were recorded", async () => {
  const asked = call(ask("luck"));
  await record([
    [asked, "first"],
    [call(ask("other")), "between"],
    [asked, "second"],
  ]);
  const strict = replayer("strict");
  assert.deepEqual(
    [1, 2, 3].map(() => told(strict, asked)),
    ["first", "second", "missing"],
  );
  const loose = replayer("loose");
  assert.deepEqual(
    [1, 2, 3].map(() => told(loose, asked)),
    ["first", "second", "first"],
  );
});

test("loose: neither order of keys nor spaces, dates, ids or who asks matter; the question does", async () => {
  const id = "3f0e9a52-8f0b-4d51-9f3e-0a2c6cf1d0aa";
  await record([
    [call({ ...ask(`It is 2026-11-22T10:00:00Z. Order ${id}`), user: "u1", temperature: 0 }), "answer"],
  ]);
  const other = id.replace("3f0e", "aaaa");
  const same = `{ "temperature": 0, "metadata": {"run": 7},
    "messages": [{"content": "It is 2027-01-01. Order ${other}", "role": "user"}], "model": "gpt-5" }`;
  assert.equal(told(replayer("loose"), call(same)), "answer");
  assert.equal(told(replayer("strict"), call(same)), "missing");
  assert.equal(told(replayer("loose"), call({ ...ask("something else"), temperature: 0 })), "missing");
  assert.equal(told(replayer("loose"), call(same.replace("gpt-5", "gpt-6"))), "missing");
  const elsewhere = { path: "/v1/responses" };
  assert.equal(told(replayer("loose"), call(same, elsewhere)), "missing");
});

test("test case and agent are told apart; loose matching takes another's answer when there is no own one", async () => {
  const of = (testCaseId: string, agent: string) => call(ask("hello"), { testCaseId, agent });
  await record([
    [of("a", "x"), "a x"],
    [of("b", "x"), "b x"],
    [of("b", "y"), "b y"],
  ]);
  for (const match of ["strict", "loose"] as const) {
    const replay = replayer(match);
    assert.equal(told(replay, of("b", "y")), "b y");
    assert.equal(told(replay, of("b", "x")), "b x");
    assert.equal(told(replay, of("a", "x")), "a x");
  }
  assert.equal(told(replayer("strict"), of("c", "x")), "missing");
  assert.equal(told(replayer("loose"), of("c", "x")), "a x");
});

test("what is missing is an error or goes to the upstream, as one likes; the error says what was asked", () => {
  const asked = call(ask("hello"), {
    path: "/v1beta/models/gemini:generateContent?key=AIzaSecret",
    testCaseId: "t1",
  });
  assert.equal(replayer("loose", "forward").answer(asked), undefined);
  assert.equal(replayer("loose", "error").answer(asked), "missing");
  const { status, message } = missingAnswer(asked);
  assert.equal(status, 404);
  assert.match(message, /POST \/v1beta\/models\/gemini:generateContent with.*test case "t1", no agent/);
  assert.doesNotMatch(message, /AIza/);
});

test("only calls of models are recorded, and only whole ones", () => {
  const recorder = new FileRecorder({ folder, logger });
  assert.equal(recorder.wants(call(ask("hello"))), true);
  assert.equal(recorder.wants(call(ask("hello"), { body: undefined })), false);
  assert.equal(recorder.wants(call({}, { path: "/orders" })), false);
  assert.equal(recorder.wants(call({}, { path: "/mcp" })), false);
  assert.equal(recorder.wants(call({}, { method: "GET" })), false);
  const recording = recorder.open(call(ask("hello")));
  recording.chunk(Buffer.from("half"));
  recording.abandon();
  recording.end();
  assert.deepEqual(files(), []);
});

test("recording anew replaces what was recorded before", async () => {
  const asked = call(ask("hello"));
  await record([
    [asked, "old 1"],
    [asked, "old 2"],
  ]);
  await record([[asked, "new"]]);
  const replay = replayer("strict");
  assert.deepEqual([told(replay, asked), told(replay, asked)], ["new", "missing"]);
});

test("a compressed answer is kept readable", async () => {
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  await record([[call(ask("hello")), gzipSync('{"answer":42}')]], { headers });
  const answer = replayer().answer(call(ask("hello")));
  assert.ok(typeof answer === "object");
  assert.deepEqual(answer.headers, { "content-type": "application/json" });
  assert.equal(Buffer.from(answer.chunks[0]?.bytes ?? []).toString(), '{"answer":42}');
});

test("no provider's secret is ever written", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${secret}`,
    "proxy-authorization": `Basic ${secret}`,
    "x-api-key": secret,
    "api-key": secret,
    "x-goog-api-key": secret,
    "ocp-apim-subscription-key": secret,
    "x-amz-security-token": secret,
    "x-portkey-api-key": secret,
    cookie: `session=${secret}`,
    "openai-organization": "org-1",
  };
  const body = {
    ...ask("hello"),
    tools: [
      {
        type: "mcp",
        authorization: secret,
        headers: { Authorization: `Bearer ${secret}`, "X-Api-Key": secret },
      },
    ],
    mcp_servers: [{ authorization_token: secret }],
  };
  const answer = `{"error":{"message":"Incorrect API key: ${secret}, upstream-secret-1"}}`;
  const said = {
    status: 401,
    headers: { "content-type": "application/json", "set-cookie": [`a=${secret}`] },
  };
  const path = `/v1beta/models/gemini:generateContent?alt=sse&key=${secret}`;
  await record([[call(body, { headers, path }), answer]], said);
  await record([[call(JSON.stringify(body, null, 4), { headers }), `data: ${answer}\n\n`]], said);
  await record([[call("not JSON", { headers, path: `/v1/messages?key=${secret}` }), answer]], said);
  assert.equal(files().length, 3);
  for (const path of files()) {
    const text = readFileSync(join(folder, path), "utf8");
    assert.doesNotMatch(text, /hunter2|upstream-secret|org-1/);
    assert.match(text, /\[removed\]/);
  }
});

test("a file that can't be used is named, with what is wrong", async () => {
  await record([[call(ask("hello")), "x"]]);
  const path = join(folder, files()[0] ?? "");
  const file = JSON.parse(readFileSync(path, "utf8"));
  const cases: [string, RegExp][] = [
    ["{", /It is not JSON/],
    ["{}", /clewRecording/],
    [JSON.stringify({ ...file, answer: { ...file.answer, status: 42 } }), /`answer\.status` must be/],
    [
      JSON.stringify({ ...file, answer: { ...file.answer, chunks: [{}] } }),
      /`answer\.chunks\[0\]` must have/,
    ],
  ];
  for (const [text, why] of cases) {
    writeFileSync(path, text);
    assert.throws(replayer, (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid_recording");
      assert.match(error.message, why);
      return error.message.startsWith(path);
    });
  }
});

test("an answer is played at its own pace, or at once, and ends when nobody listens", async () => {
  const chunk = (afterMs: number) => ({ afterMs, bytes: Buffer.from("x") });
  const answer = { status: 200, headers: {}, chunks: [chunk(0), chunk(30), chunk(1e8)] };
  const leaving = new AbortController();
  const startMs = performance.now();
  const seen: number[] = [];
  for await (const _ of playedBack(answer, "original", leaving.signal)) {
    seen.push(performance.now() - startMs);
    if (seen.length === 2) setTimeout(() => leaving.abort(), 5);
  }
  assert.equal(seen.length, 2);
  assert.ok((seen[1] ?? 0) >= 29);
  let count = 0;
  for await (const _ of playedBack(answer, "fast", new AbortController().signal)) count += 1;
  assert.equal(count, 3);
});
