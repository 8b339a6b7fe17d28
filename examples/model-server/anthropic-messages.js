import { idOf, piecesOf, textOf, tokensOf } from "./wording.js";

export function read({ model, system = "", messages, tools = [] }) {
  return {
    model,
    system: textOf(system),
    turns: messages.flatMap(({ role, content }) => {
      if (typeof content === "string") return [{ role, text: content }];
      return content.map((part) => ({
        role: part.type === "tool_result" ? "tool" : role,
        text: textOf(part.type === "tool_result" ? part.content : (part.text ?? "")),
      }));
    }),
    tools: tools.map(({ name }) => name),
  };
}

export function whole(body, said) {
  const content = contentOf(body, said);
  return { ...head(body), content, ...stop(said), usage: usage(body, content) };
}

export function* events(body, said) {
  const content = contentOf(body, said);
  const { stop_reason, stop_sequence } = stop(said);
  const { input_tokens, output_tokens } = usage(body, content);
  const event = (type, fields) => ({ event: type, data: { type, ...fields } });
  const message = {
    ...head(body),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens, output_tokens: 1 },
  };
  yield event("message_start", { message });
  for (const [index, block] of content.entries()) {
    const empty = block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
    yield event("content_block_start", { index, content_block: empty });
    if (block.type === "text") {
      for (const text of piecesOf(block.text))
        yield event("content_block_delta", { index, delta: { type: "text_delta", text } });
    } else {
      const delta = { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
      yield event("content_block_delta", { index, delta });
    }
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", { delta: { stop_reason, stop_sequence }, usage: { output_tokens } });
  yield event("message_stop", {});
}

function head(body) {
  return { id: idOf("msg_", body), type: "message", role: "assistant", model: `${body.model}-20261001` };
}

function contentOf(body, { text, calls = [] }) {
  return [
    ...(text === undefined ? [] : [{ type: "text", text, citations: null }]),
    ...calls.map(({ name, arguments: input }, at) => ({
      type: "tool_use",
      id: idOf("toolu_", body, at),
      name,
      input,
    })),
  ];
}

function stop({ calls = [] }) {
  return { stop_reason: calls.length > 0 ? "tool_use" : "end_turn", stop_sequence: null };
}

function usage({ system = "", messages, tools = [] }, content) {
  return { input_tokens: tokensOf([system, messages, tools]), output_tokens: tokensOf(content) };
}
