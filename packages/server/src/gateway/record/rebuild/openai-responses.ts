import { argumentsText, pieces, type SaidAnswer, type SaidPart, saidParts } from "./said-answer.ts";

/** A body of OpenAI's responses. */
export function responsesBody(answer: SaidAnswer): unknown {
  const items = saidParts(answer).map((part, index) => item(part, index, "completed"));
  return response(answer, items, true);
}

/** The events of its stream, each with its name. */
export function responsesEvents(answer: SaidAnswer): readonly (readonly [name: string, data: string])[] {
  const events: [string, string][] = [];
  const event = (type: string, data: object): void => {
    events.push([type, JSON.stringify({ type, sequence_number: events.length, ...data })]);
  };
  event("response.created", { response: response(answer, [], false) });
  event("response.in_progress", { response: response(answer, [], false) });
  const parts = saidParts(answer);
  for (const [index, part] of parts.entries()) {
    event("response.output_item.added", { output_index: index, item: item(part, index, "in_progress") });
    partEvents(event, part, index);
    event("response.output_item.done", { output_index: index, item: item(part, index, "completed") });
  }
  const items = parts.map((part, index) => item(part, index, "completed"));
  const end = answer.finish === "length" ? "response.incomplete" : "response.completed";
  event(end, { response: response(answer, items, true) });
  return events;
}

function partEvents(event: (type: string, data: object) => void, part: SaidPart, index: number): void {
  const at = { item_id: itemId(part, index), output_index: index };
  if (part.type === "tool_call") {
    const text = argumentsText(part.arguments);
    for (const delta of pieces(text)) event("response.function_call_arguments.delta", { ...at, delta });
    event("response.function_call_arguments.done", { ...at, arguments: text });
    return;
  }
  const [name, within, begun, ended] =
    part.type === "reasoning"
      ? [
          "reasoning_summary",
          { ...at, summary_index: 0 },
          { type: "summary_text", text: "" },
          { type: "summary_text", text: part.text },
        ]
      : ["output", { ...at, content_index: 0 }, outputText(""), outputText(part.text)];
  const partName = part.type === "reasoning" ? "reasoning_summary_part" : "content_part";
  event(`response.${partName}.added`, { ...within, part: begun });
  for (const delta of pieces(part.text)) event(`response.${name}_text.delta`, { ...within, delta });
  event(`response.${name}_text.done`, { ...within, text: part.text });
  event(`response.${partName}.done`, { ...within, part: ended });
}

function outputText(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function itemId(part: SaidPart, index: number): string {
  return `${part.type === "tool_call" ? "fc" : part.type === "reasoning" ? "rs" : "msg"}_${index}`;
}

function item(part: SaidPart, index: number, status: "in_progress" | "completed"): unknown {
  const id = itemId(part, index);
  const isDone = status === "completed";
  if (part.type === "tool_call") {
    const { id: call_id, name } = part;
    const text = isDone ? argumentsText(part.arguments) : "";
    return { id, type: "function_call", status, call_id, name, arguments: text };
  }
  if (part.type === "reasoning") {
    return { id, type: "reasoning", summary: isDone ? [{ type: "summary_text", text: part.text }] : [] };
  }
  return { id, type: "message", status, role: "assistant", content: isDone ? [outputText(part.text)] : [] };
}

function response(answer: SaidAnswer, output: readonly unknown[], isDone: boolean): unknown {
  const { input = 0, output: outputTokens = 0, cacheRead = 0, reasoning = 0 } = answer.usage;
  const isCut = isDone && answer.finish === "length";
  return {
    id: answer.id || "resp_replayed",
    object: "response",
    created_at: Math.floor(answer.createdMs / 1000),
    status: isCut ? "incomplete" : isDone ? "completed" : "in_progress",
    error: null,
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    instructions: null,
    metadata: {},
    model: answer.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    usage: isDone
      ? {
          input_tokens: input,
          input_tokens_details: { cached_tokens: cacheRead },
          output_tokens: outputTokens,
          output_tokens_details: { reasoning_tokens: reasoning },
          total_tokens: input + outputTokens,
        }
      : null,
  };
}
