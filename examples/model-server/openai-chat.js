import { idOf, piecesOf, textOf, tokensOf } from "./wording.js";

export function read({ model, messages, tools = [] }) {
  const system = messages.filter(({ role }) => role === "system" || role === "developer");
  return {
    model,
    system: system.map(({ content }) => textOf(content)).join("\n"),
    turns: messages
      .filter((message) => !system.includes(message))
      .map(({ role, content }) => ({ role, text: textOf(content) })),
    tools: tools.map((tool) => tool.function.name),
  };
}

export function whole(body, { text = null, calls = [] }) {
  const tool_calls = calls.map((call, at) => toolCall(body, call, at));
  const message = {
    role: "assistant",
    content: text,
    refusal: null,
    ...(calls.length > 0 && { tool_calls }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: finish(calls) };
  return { ...head(body, "chat.completion"), choices: [choice], usage: usage(body, message) };
}

export function* events(body, { text = "", calls = [] }) {
  const chunk = (delta, finish_reason = null) => ({
    data: {
      ...head(body, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    },
  });
  yield chunk({ role: "assistant", content: "" });
  for (const content of piecesOf(text)) yield chunk({ content });
  for (const [index, call] of calls.entries()) {
    const { id, type, function: called } = toolCall(body, call, index);
    yield chunk({ tool_calls: [{ index, id, type, function: { name: called.name, arguments: "" } }] });
    yield chunk({ tool_calls: [{ index, function: { arguments: called.arguments } }] });
  }
  yield chunk({}, finish(calls));
  if (body.stream_options?.include_usage === true) {
    yield {
      data: {
        ...head(body, "chat.completion.chunk"),
        choices: [],
        usage: usage(body, calls.length > 0 ? calls : text),
      },
    };
  }
  yield { data: "[DONE]" };
}

function head(body, object) {
  return { id: idOf("chatcmpl-", body), object, created: 1_790_000_000, model: `${body.model}-2026-10-01` };
}

function toolCall(body, { name, arguments: given }, at) {
  const called = { name, arguments: JSON.stringify(given) };
  return { id: idOf("call_", body, at), type: "function", function: called };
}

function finish(calls) {
  return calls.length > 0 ? "tool_calls" : "stop";
}

function usage({ messages, tools = [] }, said) {
  const prompt_tokens = tokensOf([messages, tools]);
  const completion_tokens = tokensOf(said);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
