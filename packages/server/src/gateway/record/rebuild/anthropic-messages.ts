import {
  argumentsObject,
  argumentsText,
  type Finish,
  pieces,
  type SaidAnswer,
  type SaidPart,
  saidParts,
} from "./said-answer.ts";

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
};

/** A body of Anthropic's messages. */
export function messagesBody(answer: SaidAnswer): unknown {
  const content = saidParts(answer).map((part) => block(part, true));
  return { ...message(answer, content), stop_reason: STOP_REASONS[answer.finish], usage: usageOf(answer) };
}

/** The events of its stream, each with its name. */
export function messagesEvents(answer: SaidAnswer): readonly (readonly [name: string, data: string])[] {
  const events: [string, string][] = [];
  const event = (type: string, data: object = {}): void => {
    events.push([type, JSON.stringify({ type, ...data })]);
  };
  const { output_tokens, ...input } = usageOf(answer);
  event("message_start", { message: { ...message(answer, []), usage: { ...input, output_tokens: 1 } } });
  for (const [index, part] of saidParts(answer).entries()) {
    event("content_block_start", { index, content_block: block(part, false) });
    for (const delta of deltas(part)) event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  }
  const delta = { stop_reason: STOP_REASONS[answer.finish], stop_sequence: null };
  event("message_delta", { delta, usage: { output_tokens } });
  event("message_stop");
  return events;
}

function message({ id, model }: SaidAnswer, content: readonly unknown[]) {
  return {
    id: id || "msg_replayed",
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: null as string | null,
    stop_sequence: null,
  };
}

function block(part: SaidPart, isWhole: boolean): unknown {
  if (part.type === "tool_call") {
    const input = isWhole ? argumentsObject(part.arguments) : {};
    return { type: "tool_use", id: part.id, name: part.name, input };
  }
  const text = isWhole ? part.text : "";
  return part.type === "text" ? { type: "text", text } : { type: "thinking", thinking: text, signature: "" };
}

function deltas(part: SaidPart): readonly unknown[] {
  if (part.type === "tool_call") {
    const text = argumentsText(argumentsObject(part.arguments));
    return pieces(text).map((piece) => ({ type: "input_json_delta", partial_json: piece }));
  }
  return pieces(part.text).map((piece) =>
    part.type === "text" ? { type: "text_delta", text: piece } : { type: "thinking_delta", thinking: piece },
  );
}

/** Anthropic counts what came from its cache, or went into it, apart from the input. */
function usageOf({ usage }: SaidAnswer) {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = usage;
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
  };
}
