import { idOf, piecesOf, textOf, tokensOf } from "./wording.js";

export function read({ model, instructions = "", input, tools = [] }) {
  const items = typeof input === "string" ? [{ role: "user", content: input }] : input;
  return {
    model,
    system: instructions,
    turns: items.flatMap((item) => {
      if (item.type === "function_call_output") return [{ role: "tool", text: textOf(item.output) }];
      if (item.role !== undefined) return [{ role: item.role, text: textOf(item.content) }];
      return [];
    }),
    tools: tools.map(({ name }) => name),
  };
}

export function whole(body, said) {
  return response(body, "completed", itemsOf(body, said));
}

export function* events(body, said) {
  const items = itemsOf(body, said);
  let sequence_number = 0;
  const event = (type, fields) => ({
    event: type,
    data: { type, sequence_number: sequence_number++, ...fields },
  });
  yield event("response.created", { response: response(body, "in_progress", []) });
  yield event("response.in_progress", { response: response(body, "in_progress", []) });
  for (const [output_index, item] of items.entries()) {
    const at = { item_id: item.id, output_index };
    if (item.type === "function_call") {
      yield event("response.output_item.added", { output_index, item: { ...item, arguments: "" } });
      yield event("response.function_call_arguments.delta", { ...at, delta: item.arguments });
      yield event("response.function_call_arguments.done", { ...at, arguments: item.arguments });
    } else {
      const [part] = item.content;
      yield event("response.output_item.added", { output_index, item: { ...item, content: [] } });
      yield event("response.content_part.added", { ...at, content_index: 0, part: { ...part, text: "" } });
      for (const delta of piecesOf(part.text))
        yield event("response.output_text.delta", { ...at, content_index: 0, delta, logprobs: [] });
      yield event("response.output_text.done", { ...at, content_index: 0, text: part.text, logprobs: [] });
      yield event("response.content_part.done", { ...at, content_index: 0, part });
    }
    yield event("response.output_item.done", { output_index, item });
  }
  yield event("response.completed", { response: response(body, "completed", items) });
}

function itemsOf(body, { text, calls = [] }) {
  const said = text === undefined ? [] : [message(body, text)];
  return [
    ...said,
    ...calls.map(({ name, arguments: given }, at) => ({
      id: idOf("fc_", body, at),
      type: "function_call",
      call_id: idOf("call_", body, at),
      name,
      arguments: JSON.stringify(given),
      status: "completed",
    })),
  ];
}

function message(body, text) {
  const part = { type: "output_text", text, annotations: [], logprobs: [] };
  return {
    id: idOf("msg_", body),
    type: "message",
    role: "assistant",
    status: "completed",
    content: [part],
  };
}

function response(body, status, output) {
  const input_tokens = tokensOf([body.instructions ?? "", body.input, body.tools ?? []]);
  const output_tokens = tokensOf(output);
  return {
    id: idOf("resp_", body),
    object: "response",
    created_at: 1_790_000_000,
    status,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    model: `${body.model}-2026-10-01`,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    tool_choice: "auto",
    tools: body.tools ?? [],
    metadata: {},
    usage:
      status === "completed"
        ? {
            input_tokens,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: input_tokens + output_tokens,
          }
        : null,
  };
}
