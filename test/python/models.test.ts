import assert from "node:assert/strict";
import { test } from "node:test";
import { startAnthropicServer } from "../harness/model-servers/anthropic-server.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";

const skip = (await noPython()) ?? false;

/** Streams of both providers, whole, broken off and left, each under a model's name of its own. */
const STREAMS = `
import asyncio, gc, os
from anthropic import Anthropic, AsyncAnthropic
from openai import AsyncOpenAI, OpenAI

messages = [{"role": "user", "content": "Hi"}]
settings = {"api_key": "k", "base_url": os.environ["OPENAI_URL"] + "/v1", "max_retries": 0}
client = OpenAI(**settings)
chat = client.chat.completions

def drain(stream):
    for _ in stream:
        pass

def failing(call):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)

def ask(model, **more):
    return chat.create(model=model, messages=messages, stream=True, **more)

drain(client.responses.create(model="responses", input="Hi", stream=True))
with chat.stream(model="helper", messages=messages, stream_options={"include_usage": True}) as stream:
    drain(stream)
failing(lambda: drain(ask("breaks-off")))
failing(lambda: chat.create(model="hangs-up", messages=messages))
print(chat.with_raw_response.create(model="raw", messages=messages).parse().choices[0].message.content)
tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
drain(ask("tool", tools=[tool]))
closed = ask("endless", user="closed")
next(iter(closed))
closed.close()
forgotten = ask("endless", user="forgotten")
next(iter(forgotten))
del forgotten
gc.collect()

async def later():
    openai = AsyncOpenAI(**settings)
    async for _ in await openai.chat.completions.create(model="async", messages=messages, stream=True):
        pass

    async def forever():
        async for _ in await openai.chat.completions.create(model="endless", messages=messages, stream=True):
            started.set()

    started = asyncio.Event()
    task = asyncio.create_task(forever())
    await started.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    anthropic = AsyncAnthropic(api_key="k", base_url=os.environ["ANTHROPIC_URL"], max_retries=0)
    async with anthropic.messages.stream(model="claude-async", max_tokens=10, messages=messages) as stream:
        async for _ in stream:
            pass

asyncio.run(later())
anthropic = Anthropic(api_key="k", base_url=os.environ["ANTHROPIC_URL"], max_retries=0).messages
request = {"max_tokens": 10, "messages": messages}
drain(anthropic.create(model="claude-stream", stream=True, **request))
with anthropic.stream(model="claude-helper", **request) as stream:
    drain(stream)
failing(lambda: drain(anthropic.create(model="breaks-off", stream=True, **request)))
failing(lambda: anthropic.create(model="rate-limited", **request))
with anthropic.stream(model="endless", **request) as stream:
    next(iter(stream))
`;
const PRINTED = `APIError
APIConnectionError
Hello, world!
cancelled
APIStatusError
RateLimitError
`;

function one(spans: readonly ReceivedSpan[], name: string, provider = "openai"): ReceivedSpan {
  const found = spans.filter(
    (span) => span.name === name && span.attributes["gen_ai.provider.name"] === provider,
  );
  assert.equal(found.length, 1, `${name} among ${spans.map((span) => span.name).join(", ")}`);
  return found[0]!;
}

test("streams of OpenAI and Anthropic end when they end; one that is left is cancelled, not failed", {
  skip,
}, async () => {
  await using openai = await startOpenAiServer();
  await using anthropic = await startAnthropicServer();
  const env = { OPENAI_URL: openai.url, ANTHROPIC_URL: anthropic.url, CLEW_CONTENT: "full" };
  const run = await runPython({ files: { "agent.py": STREAMS }, env });
  assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", PRINTED]);
  const { spans } = run;

  for (const name of ["responses", "helper", "async"]) {
    const { attributes, status } = one(spans, `chat ${name}`);
    assert.equal(status?.code ?? 0, 0, name);
    assert.equal(attributes["gen_ai.request.stream"], true);
    assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"], name);
    assert.ok(Number(attributes["gen_ai.response.time_to_first_chunk"]) > 0);
    assert.match(String(attributes["gen_ai.output.messages"]), /Hello, world!/);
    assert.equal(attributes["clew.cancelled"], undefined);
  }
  assert.equal(one(spans, "chat responses").attributes["gen_ai.usage.output_tokens"], 11);
  assert.equal(one(spans, "chat helper").attributes["gen_ai.usage.cache_read.input_tokens"], 12);
  for (const name of ["claude-stream", "claude-helper", "claude-async"]) {
    const { attributes } = one(spans, `chat ${name}`, "anthropic");
    assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
    assert.equal(attributes["gen_ai.usage.input_tokens"], 157);
    assert.equal(attributes["gen_ai.usage.cache_write.input_tokens"], 100);
    assert.equal(attributes["gen_ai.usage.output_tokens"], 12);
  }
  const tool = one(spans, "chat tool").attributes;
  assert.deepEqual(tool["gen_ai.response.finish_reasons"], ["tool_calls"]);
  assert.match(String(tool["gen_ai.output.messages"]), /"type":\s*"tool_call"/);
  assert.match(String(tool["gen_ai.tool.definitions"]), /weather/);
  assert.match(String(one(spans, "chat raw").attributes["gen_ai.output.messages"]), /Hello, world!/);

  const failed = [
    one(spans, "chat breaks-off"),
    one(spans, "chat hangs-up"),
    one(spans, "chat breaks-off", "anthropic"),
    one(spans, "chat rate-limited", "anthropic"),
  ];
  assert.deepEqual(
    failed.map(({ status, attributes }) => [status?.code, attributes["error.type"]]),
    [
      [2, "openai.APIError"],
      [2, "openai.APIConnectionError"],
      [2, "anthropic.APIStatusError"],
      [2, "anthropic.RateLimitError"],
    ],
  );

  const left = spans.filter(({ name }) => name === "chat endless");
  assert.equal(left.length, 4);
  for (const { attributes, status } of left) {
    assert.equal(attributes["clew.cancelled"], true, JSON.stringify(attributes));
    assert.equal(status, undefined);
    assert.deepEqual(
      [attributes["error.type"], attributes["gen_ai.response.finish_reasons"]],
      [undefined, undefined],
    );
  }
});
