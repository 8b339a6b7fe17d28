import { type ModelAnswer, type ModelRequest, ModelServer, type StreamEvent } from "./model-server.ts";

/**
 * OpenAI's API, and Azure's form of it. Models: `rate-limited` (429), `broken` (500), `second-try` (503, then an
 * answer), `endless` (a stream without end), `breaks-off` (a stream that ends with an error), `incomplete`,
 * `hangs-up` and `never-answers`; any other one answers "Hello, world!". A request with tools and without a result
 * gets a call of its first tool.
 */
export function startOpenAiServer(): Promise<ModelServer> {
  let isSecondTry = true;
  return ModelServer.start((request) => {
    const { model } = request.body;
    if (model === "second-try") {
      isSecondTry = !isSecondTry;
      if (!isSecondTry) return { ...failure(503, "server_error", null), headers: { "retry-after-ms": "1" } };
    }
    if (model === "rate-limited") return failure(429, "requests", "rate_limit_exceeded");
    if (model === "broken") return failure(500, "server_error", null);
    if (request.path.includes("/chat/completions")) return chat(request);
    if (request.path.includes("/responses")) return response(request);
    if (request.path.includes("/embeddings")) return embeddings(request);
    if (request.path.includes("/completions")) return completion(request);
    return failure(404, "invalid_request_error", "unknown_url");
  });
}

function failure(status: number, type: string, code: string | null) {
  return { status, body: { error: { message: `It is ${status}`, type, code, param: null } } };
}

const CHAT_USAGE = {
  prompt_tokens: 20,
  completion_tokens: 9,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 12, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0 },
};

function chat({ body }: ModelRequest): ModelAnswer {
  const head = {
    id: "chatcmpl-1",
    created: 1_790_000_000,
    model: `${body.model}-2026-10-01`,
    service_tier: "default",
    system_fingerprint: "fp_1",
  };
  const tool = body.messages.some(({ role }: { role: string }) => role === "tool")
    ? undefined
    : body.tools?.[0];
  if (body.stream === true) {
    const events = chatChunks(body, tool, { ...head, object: "chat.completion.chunk" });
    return { events, ...(body.model === "endless" ? { delayMs: 2 } : {}) };
  }
  const call = {
    id: "call_1",
    type: "function",
    function: { name: tool?.function.name, arguments: '{"city":"Bern"}' },
  };
  const message = tool
    ? { role: "assistant", content: null, refusal: null, tool_calls: [call] }
    : { role: "assistant", content: textFor(body), refusal: null };
  const choice = { index: 0, message, logprobs: null, finish_reason: tool ? "tool_calls" : "stop" };
  return {
    status: 200,
    headers: { "x-request-id": "req_1" },
    body: { ...head, object: "chat.completion", choices: [choice], usage: CHAT_USAGE },
  };
}

function textFor(body: { response_format?: { type?: string } }): string {
  return body.response_format?.type === "json_schema" ? '{"greeting":"Hello"}' : "Hello, world!";
}

function* chatChunks(
  // biome-ignore lint/suspicious/noExplicitAny: whatever an SDK sends
  body: any,
  // biome-ignore lint/suspicious/noExplicitAny: whatever an SDK sends
  tool: any,
  head: object,
): Generator<StreamEvent> {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    data: { ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }] },
  });
  yield chunk({ role: "assistant", content: "" });
  if (body.model === "endless") for (;;) yield chunk({ content: "on and " });
  if (body.model === "breaks-off") {
    yield chunk({ content: "Hel" });
    yield { data: { error: { message: "It broke off", type: "server_error", code: "overloaded" } } };
    return;
  }
  if (tool !== undefined) {
    const call = {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: tool.function.name, arguments: "" },
    };
    yield chunk({ tool_calls: [call] });
    for (const piece of ['{"city":', '"Bern"}'])
      yield chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
  } else for (const content of ["Hello", ", ", "world!"]) yield chunk({ content });
  yield chunk({}, tool === undefined ? "stop" : "tool_calls");
  if (body.stream_options?.include_usage === true)
    yield { data: { ...head, choices: [], usage: CHAT_USAGE } };
  yield { data: "[DONE]" };
}

function completion({ body }: ModelRequest): ModelAnswer {
  const head = { id: "cmpl-1", object: "text_completion", created: 1_790_000_000, model: body.model };
  const choice = { index: 0, text: "Hello, world!", logprobs: null, finish_reason: "stop" };
  return {
    status: 200,
    body: { ...head, choices: [choice], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
  };
}

function embeddings({ body }: ModelRequest): ModelAnswer {
  const vector = new Float32Array([0.5, -0.25, 1]);
  const embedding =
    body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : Array.from(vector);
  const data = [{ object: "embedding", index: 0, embedding }];
  return {
    status: 200,
    body: { object: "list", data, model: `${body.model}-1`, usage: { prompt_tokens: 5, total_tokens: 5 } },
  };
}

function response({ body }: ModelRequest): ModelAnswer {
  const hasResult =
    Array.isArray(body.input) &&
    body.input.some(({ type }: { type?: string }) => type === "function_call_output");
  const tool = hasResult ? undefined : body.tools?.[0];
  const isIncomplete = body.model === "incomplete";
  const text = body.text?.format?.type === "json_schema" ? '{"greeting":"Hello"}' : "Hello, world!";
  const thought = { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "They greet." }] };
  const said = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
  };
  const call = {
    id: "fc_1",
    type: "function_call",
    call_id: "call_1",
    name: tool?.name,
    arguments: '{"city":"Bern"}',
    status: "completed",
  };
  const head = {
    id: "resp_1",
    object: "response",
    created_at: 1_790_000_000,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    model: `${body.model}-2026-10-01`,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    service_tier: "default",
    text: body.text ?? { format: { type: "text" } },
    tools: body.tools ?? [],
    usage: null,
    metadata: {},
  };
  const whole = {
    ...head,
    status: isIncomplete ? "incomplete" : "completed",
    incomplete_details: isIncomplete ? { reason: "max_output_tokens" } : null,
    output: [thought, tool === undefined ? said : call],
    usage: {
      input_tokens: 30,
      input_tokens_details: { cached_tokens: 16 },
      output_tokens: 11,
      output_tokens_details: { reasoning_tokens: 6 },
      total_tokens: 41,
    },
  };
  if (body.background === true) return { status: 200, body: { ...head, status: "queued" } };
  if (body.stream !== true) return { status: 200, headers: { "x-request-id": "req_1" }, body: whole };
  const events = responseEvents(
    body,
    { ...head, status: "in_progress" },
    whole,
    tool === undefined ? said : call,
  );
  return { events, ...(body.model === "endless" ? { delayMs: 2 } : {}) };
}

function* responseEvents(
  body: { readonly model: string },
  head: object,
  whole: object,
  // biome-ignore lint/suspicious/noExplicitAny: one of several kinds of items
  item: any,
): Generator<StreamEvent> {
  let sequence_number = 0;
  const event = (type: string, fields: object) => ({
    event: type,
    data: { type, sequence_number: sequence_number++, ...fields },
  });
  const part = { type: "output_text", text: "", annotations: [] };
  const at = { item_id: item.id, output_index: 1, content_index: 0 };
  const [thought] = (whole as { output: unknown[] }).output;
  yield event("response.created", { response: head });
  yield event("response.in_progress", { response: head });
  if (body.model === "breaks-off") {
    const error = { code: "server_error", message: "It broke off" };
    yield event("response.failed", { response: { ...head, status: "failed", error } });
    return;
  }
  yield event("response.output_item.added", {
    output_index: 0,
    item: { ...(thought as object), summary: [] },
  });
  yield event("response.output_item.done", { output_index: 0, item: thought });
  if (item.type === "function_call") {
    yield event("response.output_item.added", { output_index: 1, item: { ...item, arguments: "" } });
    yield event("response.function_call_arguments.delta", {
      item_id: item.id,
      output_index: 1,
      delta: item.arguments,
    });
    yield event("response.function_call_arguments.done", {
      item_id: item.id,
      output_index: 1,
      arguments: item.arguments,
    });
  } else {
    yield event("response.output_item.added", { output_index: 1, item: { ...item, content: [] } });
    yield event("response.content_part.added", { ...at, part });
    do
      for (const delta of ["Hello", ", ", "world!"])
        yield event("response.output_text.delta", { ...at, delta, logprobs: [] });
    while (body.model === "endless");
    yield event("response.output_text.done", { ...at, text: "Hello, world!", logprobs: [] });
    yield event("response.content_part.done", { ...at, part: item.content[0] });
  }
  yield event("response.output_item.done", { output_index: 1, item });
  yield event("response.completed", { response: whole });
}
