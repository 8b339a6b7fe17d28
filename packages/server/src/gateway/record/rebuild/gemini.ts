import {
  argumentsObject,
  type Finish,
  pieces,
  type SaidAnswer,
  type SaidPart,
  saidParts,
} from "./said-answer.ts";

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
};

/** A body of Gemini's `generateContent`. */
export function geminiBody(answer: SaidAnswer): unknown {
  return body(answer, saidParts(answer).map(part), true);
}

/** The bodies that its stream is made of. */
export function geminiBodies(answer: SaidAnswer): readonly string[] {
  const parts = saidParts(answer).flatMap((said) =>
    said.type === "tool_call" ? [part(said)] : pieces(said.text).map((text) => part({ ...said, text })),
  );
  if (parts.length === 0) parts.push(part({ type: "text", text: "" }));
  return parts.map((one, index) => JSON.stringify(body(answer, [one], index === parts.length - 1)));
}

function part(said: SaidPart): unknown {
  if (said.type === "tool_call") {
    return { functionCall: { name: said.name, args: argumentsObject(said.arguments) } };
  }
  return { text: said.text, ...(said.type === "reasoning" && { thought: true }) };
}

function body(answer: SaidAnswer, parts: readonly unknown[], isLast: boolean): unknown {
  const { input = 0, output = 0, cacheRead, reasoning } = answer.usage;
  return {
    candidates: [
      {
        content: { role: "model", parts },
        ...(isLast && { finishReason: FINISH_REASONS[answer.finish] }),
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: Math.max(0, output - (reasoning ?? 0)),
      totalTokenCount: input + output,
      ...(cacheRead !== undefined && { cachedContentTokenCount: cacheRead }),
      ...(reasoning !== undefined && { thoughtsTokenCount: reasoning }),
    },
    modelVersion: answer.model,
    responseId: answer.id || "replayed",
  };
}
