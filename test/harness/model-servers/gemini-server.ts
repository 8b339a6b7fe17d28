import { type ModelAnswer, type ModelRequest, ModelServer, type StreamEvent } from "./model-server.ts";

/**
 * Google's Gemini API. Models: `rate-limited` (429), `broken` (500), `endless` (a stream without end), `blocked` (a
 * prompt that is refused), `hangs-up` and `never-answers`; any other one thinks and then answers "Hello, world!".
 * A request with tools and without a result gets a call of its first function.
 */
export function startGeminiServer(): Promise<ModelServer> {
  return ModelServer.start((request) => {
    const [, model = "", method = ""] = /\/models\/([^:/]+):(\w+)/.exec(request.path) ?? [];
    if (model === "rate-limited") return failure(429, "RESOURCE_EXHAUSTED");
    if (model === "broken") return failure(500, "INTERNAL");
    if (/^(batchEmbedContents|embedContent)$/.test(method)) return embedding(method);
    if (!/^(generateContent|streamGenerateContent)$/.test(method)) return failure(404, "NOT_FOUND");
    const pieces = answer(request, model);
    if (method === "generateContent") return { status: 200, body: whole(pieces) };
    if (model === "endless") return { events: endless(pieces[0]!), delayMs: 2 };
    return { events: pieces.map((data) => ({ data })) };
  });
}

function failure(status: number, name: string): ModelAnswer {
  return { status, body: { error: { code: status, message: `It is ${status}`, status: name } } };
}

function embedding(method: string): ModelAnswer {
  const vector = { values: [0.5, -0.25, 1] };
  return { status: 200, body: method === "embedContent" ? { embedding: vector } : { embeddings: [vector] } };
}

interface Piece {
  readonly candidates?: {
    content: { role: string; parts: object[] };
    finishReason?: string;
    index: number;
  }[];
  readonly [key: string]: unknown;
}

function answer({ body }: ModelRequest, model: string): Piece[] {
  const head = { modelVersion: `${model}-001`, responseId: "response_1" };
  const usageMetadata = {
    promptTokenCount: 40,
    cachedContentTokenCount: 32,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 9,
    totalTokenCount: 55,
  };
  if (model === "blocked") return [{ ...head, promptFeedback: { blockReason: "SAFETY" }, usageMetadata }];
  const hasResult = body.contents.some(({ parts }: { parts: object[] }) =>
    parts.some((part) => "functionResponse" in part),
  );
  const tool = hasResult ? undefined : body.tools?.[0]?.functionDeclarations?.[0];
  const said: object[] = tool
    ? [{ functionCall: { id: "call_1", name: tool.name, args: { city: "Bern" } } }]
    : [{ text: "Hello" }, { text: ", world!" }];
  const parts = [{ text: "They greet.", thought: true }, ...said];
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    const content = { role: "model", parts: [part] };
    return {
      ...head,
      candidates: [{ content, index: 0, ...(isLast ? { finishReason: "STOP" } : {}) }],
      usageMetadata: isLast ? usageMetadata : { promptTokenCount: 40, totalTokenCount: 40 },
    };
  });
}

function whole(pieces: Piece[]): Piece {
  const last = pieces.at(-1)!;
  if (last.candidates === undefined) return last;
  const parts = pieces.flatMap(({ candidates }) => candidates?.[0]?.content.parts ?? []);
  return { ...last, candidates: [{ ...last.candidates[0]!, content: { role: "model", parts } }] };
}

function* endless(piece: Piece): Generator<StreamEvent> {
  for (;;) yield { data: piece };
}
