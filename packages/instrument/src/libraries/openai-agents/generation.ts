import { type Context, SpanKind, type Tracer } from "@opentelemetry/api";
import { Operation } from "../../genai/operation.ts";
import { type Fields, fields, listOf, numberOf, textOf } from "../../models/value.ts";
import type { ContentLevel } from "../../settings.ts";
import { failWith } from "./failure.ts";

/** The span of a model's call from what the SDK knows when it is over. */
export function recordGeneration(
  tracer: Tracer,
  level: ContentLevel,
  data: Fields,
  error: unknown,
  { context, startedAt }: { readonly context: Context; readonly startedAt: Date },
): void {
  const model = textOf(data.model);
  const name = model === undefined ? "chat" : `chat ${model}`;
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: startedAt }, context);
  const chat = new Operation(span, context, level);
  const usage = fields(data.usage);
  chat.set({ "gen_ai.operation.name": "chat", "gen_ai.request.model": model });
  chat.usage({ input: numberOf(usage.input_tokens), output: numberOf(usage.output_tokens) });
  chat.content("gen_ai.input.messages", () => listOf(data.input));
  chat.content("gen_ai.output.messages", () => listOf(data.output));
  if (error === null || error === undefined) chat.end();
  else failWith(chat, error);
}
