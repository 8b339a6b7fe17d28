import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  assertReadElsewhere,
  attributesOf,
  cancelledBelow,
  childrenOf,
  contentOf,
  outcomeOf,
  spanNamed,
} from "../harness/genai-spans.ts";
import { assertUnnoticed, runBefore } from "../harness/model-run.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import { CHAT_USAGE, RESPONDED, RESPONSE_USAGE, runOpenAiAgent, SAID } from "../harness/openai-agent.ts";

/** What an agent does with the SDK; every call names another model, by which its span is found. */
const MAIN = `
const failure = (call) => call.then(() => say("no error"), (error) => say(error.constructor.name, String(error.status), error.message));

async function streams() {
  const options = { stream: true, stream_options: { include_usage: true } };
  const stream = await inSpan("caller", () => client.chat.completions.create({ model: "stream", messages, ...options }));
  say(stream instanceof Stream, Object.keys(stream), stream.controller instanceof AbortController);
  await inSpan("consumer", async () => {
    for await (const piece of stream) {
      if (piece.choices[0]?.delta.content === "Hello") await fetch(process.env.OPENAI_BASE_URL + "/models");
    }
  });
  const [left, right] = (await client.chat.completions.create({ model: "tee", messages, ...options })).tee();
  let text = "";
  for await (const piece of left) text += piece.choices[0]?.delta.content ?? "";
  for await (const piece of right) text += piece.choices[0]?.delta.content ?? "";
  say(text);
  const readable = (await client.chat.completions.create({ model: "readable", messages, ...options })).toReadableStream();
  say((await new Response(readable).text()).split("\\n").length);
  say(await helpers.stream({ model: "helper", messages, ...options }).finalContent());
  const events = await client.responses.create({ model: "response-stream", input: "Hi", stream: true });
  for await (const event of events) say(event.type);
  const response = client.responses.stream({ model: "response-helper", input: "Hi" });
  say((await response.finalResponse()).output_text);
}

async function endings() {
  for (const model of ["rate-limited", "broken", "hangs-up"]) await failure(client.chat.completions.create({ model, messages }));
  await failure(client.chat.completions.create({ model: "never-answers", messages }, { timeout: 50 }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30);
  await failure(client.responses.create({ model: "never-answers-aborted", input: "Hi" }, { signal: abort.signal }));
  const open = (model) => client.chat.completions.create({ model: "endless", user: model, messages, stream: true });
  await inSpan("left", async () => { for await (const piece of await open()) if (piece.choices[0].delta.content) break; });
  await inSpan("aborted", async () => {
    const stream = await open();
    for await (const piece of stream) if (piece.choices[0].delta.content) stream.controller.abort();
  });
  await inSpan("helper left", async () => {
    for await (const event of client.responses.stream({ model: "endless", input: "Hi" })) if (event.type === "response.output_text.delta") break;
  });
  await inSpan("never read", async () => void await client.chat.completions.create({ model: "unread", messages, stream: true }));
  await inSpan("broken off", async () => {
    await failure((async () => {
      for await (const piece of await client.chat.completions.create({ model: "breaks-off", messages, stream: true })) say(piece.choices[0].delta);
    })());
  });
  await inSpan("failed", async () => {
    for await (const event of await client.responses.create({ model: "breaks-off", input: "Hi", stream: true })) say(event.type);
  });
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  for (let round = 0; round < 5; round++) { await new Promise((resolve) => setTimeout(resolve, 20)); collect(); }
}

async function main() { await streams(); await endings(); }
main();
`;

for (const version of [4, 5, 6, 7] as const) {
  for (const kind of ["esm", "cjs"] as const) {
    describe(`streams of openai ${version}, ${kind}`, () => {
      const seen = runBefore(startOpenAiServer, (server, env) =>
        runOpenAiAgent({ kind, version, main: MAIN }, server, env),
      );

      test("the agent sees what it sees when the library is left alone", async () => {
        await assertUnnoticed(seen, { CLEW_DISABLED_LIBRARIES: "openai" }, /^clew\.openai$/);
        assert.deepEqual([seen.run.code, seen.run.stderr], [0, ""]);
      });

      test("every way of reading a stream gives its tokens", () => {
        for (const model of ["stream", "tee", "readable", "helper"]) {
          const span = spanNamed(seen.run, `chat ${model}`);
          assert.deepEqual(attributesOf(span, Object.keys(CHAT_USAGE)), CHAT_USAGE, model);
          assert.equal(span.status?.code ?? 0, 0, model);
        }
      });

      test("a response that is streamed is as one that comes whole", () => {
        for (const name of ["chat response-stream", "chat response-helper"]) {
          const span = spanNamed(seen.run, name);
          assert.equal(span.attributes["gen_ai.request.stream"], true);
          assert.deepEqual(contentOf(span, "gen_ai.output.messages"), RESPONDED);
          assert.deepEqual(attributesOf(span, Object.keys(RESPONSE_USAGE)), RESPONSE_USAGE);
        }
      });

      test("a stream that is read after the function returned keeps its parent, and its reader another one", () => {
        assert.deepEqual(
          contentOf(assertReadElsewhere(seen.run, "chat stream"), "gen_ai.output.messages"),
          SAID,
        );
      });

      test("streams that are left, aborted or never read end as cancelled", () => {
        for (const name of ["aborted", "helper left", "never read"]) cancelledBelow(seen.run, name);
        const left = cancelledBelow(seen.run, "left");
        assert.deepEqual(contentOf(left, "gen_ai.output.messages"), [
          { role: "assistant", parts: [{ type: "text", content: "on and " }] },
        ]);
        assert.equal(left.attributes["gen_ai.response.model"], "endless-2026-10-01");
      });

      test("failures are errors with the provider's code, an abort is a cancellation", () => {
        const outcome = (model: string) => outcomeOf(seen.run, `chat ${model}`);
        assert.deepEqual(outcome("rate-limited"), [2, "rate_limit_exceeded", 429]);
        assert.deepEqual(outcome("broken"), [2, "server_error", 500]);
        assert.deepEqual(outcome("never-answers"), [2, "APIConnectionTimeoutError", undefined]);
        const [code, type] = outcome("hangs-up");
        assert.equal(code, 2);
        assert.match(String(type), /^(UND_ERR_SOCKET|ECONNRESET)$/);
        assert.deepEqual(outcome("never-answers-aborted"), [0, undefined, undefined]);
        assert.equal(spanNamed(seen.run, "chat never-answers-aborted").attributes["clew.cancelled"], true);
        const [brokenOff] = childrenOf(seen.run, spanNamed(seen.run, "broken off"));
        assert.deepEqual([brokenOff?.status?.code, brokenOff?.attributes["error.type"]], [2, "overloaded"]);
        const [failed] = childrenOf(seen.run, spanNamed(seen.run, "failed"));
        assert.deepEqual([failed?.status?.code, failed?.attributes["error.type"]], [2, "server_error"]);
        assert.equal(failed?.status?.message, "It broke off");
      });
    });
  }
}
