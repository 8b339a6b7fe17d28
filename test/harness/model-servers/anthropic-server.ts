import { type ModelAnswer, type ModelRequest, ModelServer, type StreamEvent } from "./model-server.ts";

/**
 * Anthropic's Messages API. Models: `rate-limited` (429), `broken` (500), `endless` (a stream without end),
 * `breaks-off` (a stream that ends with an error), `hangs-up` and `never-answers`; any other one thinks and then
 * answers "Hello, world!". A request with tools and without a result gets a call of its first tool.
 */
export function startAnthropicServer(): Promise<ModelServer> {
  return ModelServer.start((request) => {
    const { model } = request.body;
    if (model === "rate-limited") return failure(429, "rate_limit_error");
    if (model === "broken") return failure(500, "api_error");
    return request.path.startsWith("/v1/messages") ? message(request) : failure(404, "not_found_error");
  });
}

function failure(status: number, type: string): ModelAnswer {
  return {
    status,
    body: { type: "error", error: { type, message: `It is ${status}` }, request_id: "req_1" },
  };
}

const USAGE = {
  input_tokens: 7,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 50,
  service_tier: "standard",
};

function message({ body }: ModelRequest): ModelAnswer {
  const hasResult = body.messages.some(
    ({ content }: { content: unknown }) =>
      Array.isArray(content) && content.some(({ type }: { type: string }) => type === "tool_result"),
  );
  const tool = hasResult ? undefined : body.tools?.[0];
  const thinking = { type: "thinking", thinking: "They greet.", signature: "c2lnbmVk" };
  const last = tool
    ? { type: "tool_use", id: "toolu_1", name: tool.name, input: { city: "Bern" } }
    : { type: "text", text: "Hello, world!" };
  const whole = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: `${body.model}-20261001`,
    content: [thinking, last],
    stop_reason: tool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { ...USAGE, output_tokens: 12, output_tokens_details: { thinking_tokens: 5 } },
  };
  if (body.stream !== true) return { status: 200, headers: { "request-id": "req_1" }, body: whole };
  return { events: events(body.model, whole), ...(body.model === "endless" ? { delayMs: 2 } : {}) };
}

// biome-ignore lint/suspicious/noExplicitAny: the message is built above
function* events(model: string, whole: any): Generator<StreamEvent> {
  const event = (type: string, rest: object) => ({ event: type, data: { type, ...rest } });
  const delta = (index: number, type: string, rest: object) =>
    event("content_block_delta", { index, delta: { type, ...rest } });
  const [thinking, last] = whole.content;
  const start = { ...whole, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1 } };
  yield event("message_start", { message: start });
  yield event("ping", {});
  yield event("content_block_start", {
    index: 0,
    content_block: { ...thinking, thinking: "", signature: "" },
  });
  yield delta(0, "thinking_delta", { thinking: thinking.thinking });
  yield delta(0, "signature_delta", { signature: thinking.signature });
  yield event("content_block_stop", { index: 0 });
  if (model === "breaks-off") {
    yield event("error", { error: { type: "overloaded_error", message: "It broke off" } });
    return;
  }
  if (last.type === "tool_use") {
    yield event("content_block_start", { index: 1, content_block: { ...last, input: {} } });
    for (const partial_json of ["", '{"city":', ' "Bern"}'])
      yield delta(1, "input_json_delta", { partial_json });
  } else {
    yield event("content_block_start", { index: 1, content_block: { type: "text", text: "" } });
    do for (const text of ["Hello", ", ", "world!"]) yield delta(1, "text_delta", { text });
    while (model === "endless");
  }
  yield event("content_block_stop", { index: 1 });
  yield event("message_delta", {
    delta: { stop_reason: whole.stop_reason, stop_sequence: null },
    usage: { output_tokens: 12, output_tokens_details: { thinking_tokens: 5 } },
  });
  yield event("message_stop", {});
}
