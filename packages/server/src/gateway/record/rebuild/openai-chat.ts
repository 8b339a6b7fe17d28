import { argumentsText, pieces, type SaidAnswer, type SaidPart, saidParts, textOf } from "./said-answer.ts";

/** A body of OpenAI's chat completions. */
export function chatBody(answer: SaidAnswer): unknown {
  const parts = saidParts(answer);
  const reasoning = textOf(parts, "reasoning");
  const calls = toolCalls(parts);
  const text = textOf(parts, "text");
  return {
    ...head(answer, "chat.completion"),
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && calls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning !== "" && { reasoning_content: reasoning }),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: answer.finish,
      },
    ],
    usage: chatUsage(answer),
  };
}

/** The events of its stream, without `data: `. */
export function chatEvents(answer: SaidAnswer, withUsage: boolean): readonly string[] {
  const parts = saidParts(answer);
  const event = (delta: unknown, finish: string | null = null): string =>
    JSON.stringify({
      ...head(answer, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage && { usage: null }),
    });
  const events = [event({ role: "assistant", content: "" })];
  const reasoning = textOf(parts, "reasoning");
  if (reasoning !== "")
    for (const piece of pieces(reasoning)) events.push(event({ reasoning_content: piece }));
  const text = textOf(parts, "text");
  if (text !== "") for (const piece of pieces(text)) events.push(event({ content: piece }));
  for (const [index, call] of toolCalls(parts).entries()) {
    const begin = { ...call, function: { name: call.function.name, arguments: "" } };
    events.push(event({ tool_calls: [{ index, ...begin }] }));
    for (const piece of pieces(call.function.arguments)) {
      events.push(event({ tool_calls: [{ index, function: { arguments: piece } }] }));
    }
  }
  events.push(event({}, answer.finish));
  if (withUsage) {
    const usage = chatUsage(answer);
    events.push(JSON.stringify({ ...head(answer, "chat.completion.chunk"), choices: [], usage }));
  }
  return [...events, "[DONE]"];
}

/** A body of OpenAI's older completions. */
export function completionsBody(answer: SaidAnswer): unknown {
  return {
    ...head(answer, "text_completion"),
    choices: [
      { index: 0, text: textOf(saidParts(answer), "text"), logprobs: null, finish_reason: answer.finish },
    ],
    usage: chatUsage(answer),
  };
}

export function completionsEvents(answer: SaidAnswer): readonly string[] {
  const event = (text: string, finish: string | null): string =>
    JSON.stringify({
      ...head(answer, "text_completion"),
      choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
    });
  const texts = pieces(textOf(saidParts(answer), "text")).map((piece) => event(piece, null));
  return [...texts, event("", answer.finish), "[DONE]"];
}

function head({ id, model, createdMs }: SaidAnswer, object: string) {
  return { id: id || "chatcmpl-replayed", object, created: Math.floor(createdMs / 1000), model };
}

function toolCalls(parts: readonly SaidPart[]) {
  return parts.flatMap((part) =>
    part.type === "tool_call"
      ? [
          {
            id: part.id,
            type: "function",
            function: { name: part.name, arguments: argumentsText(part.arguments) },
          },
        ]
      : [],
  );
}

function chatUsage({ usage }: SaidAnswer): unknown {
  const { input = 0, output = 0, cacheRead, reasoning } = usage;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cacheRead !== undefined && { prompt_tokens_details: { cached_tokens: cacheRead } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
