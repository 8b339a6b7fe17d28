import type { Conversation, Message } from "../message.ts";
import { messageFrom, messagesFrom } from "../messages.ts";
import { emptyRecord, isRecord, type PlainRecord, parsed } from "../plain-value.ts";
import type { Source, SourceEvent, Translator } from "../source.ts";
import { unflatten } from "../unflatten.ts";

const MESSAGE = /^gen_ai\.(system|user|assistant|tool|developer)\.message$/;

/**
 * OpenTelemetry's GenAI conventions before 1.37: one event per message and per choice, as span events or
 * log records, and `gen_ai.content.prompt` / `gen_ai.content.completion` before those.
 */
export const otelGenAiEvents: Translator = {
  scopes: /^opentelemetry\.instrumentation\.(openai_v2|vertexai|botocore|google_genai)|^strands|^azure\.ai/,
  read(source: Source): Partial<Conversation> {
    const input: Message[] = [];
    const output: Message[] = [];
    for (const event of source.events) {
      const role = MESSAGE.exec(event.name)?.[1];
      if (role !== undefined) input.push(...messageOf(event, role));
      else if (event.name === "gen_ai.choice") output.push(...choiceOf(event));
      else if (event.name === "gen_ai.content.prompt")
        input.push(...contentOf(event, "gen_ai.prompt", "user"));
      else if (event.name === "gen_ai.content.completion") {
        output.push(...contentOf(event, "gen_ai.completion", "assistant"));
      }
    }
    return { input, output };
  },
};

/** Body of a log record, `gen_ai.event.content` of a span event, or the event's attributes themselves. */
function payload(event: SourceEvent): PlainRecord {
  const body = parsed(event.body);
  if (isRecord(body)) return body;
  const content = event.attributes.json("gen_ai.event.content");
  if (isRecord(content)) return content;
  const record = emptyRecord();
  for (const key of event.attributes.keys()) {
    if (!key.includes(".")) record[key] = event.attributes.json(key);
  }
  if (typeof body === "string") record.content ??= body;
  const nested = unflatten(event.attributes, "message");
  if (nested !== undefined) record.message ??= nested;
  return record;
}

function messageOf(event: SourceEvent, role: string): Message[] {
  const body = payload(event);
  const shaped = { ...body, role };
  return (
    messageFrom(
      "content" in shaped || "tool_calls" in shaped ? shaped : { ...shaped, content: undefined },
      role,
    ) ?? []
  );
}

/** `{index, finish_reason, message: {role, content, tool_calls}}`, or the message's fields beside the reason. */
function choiceOf(event: SourceEvent): Message[] {
  const body = payload(event);
  const inner = parsed(body.message);
  const message = isRecord(inner) ? inner : inner === undefined ? body : { content: inner };
  const found =
    messageFrom({ content: undefined, ...message, role: message.role ?? "assistant" }, "assistant") ?? [];
  const reason = body.finish_reason;
  return found.map((entry) => (typeof reason === "string" ? { ...entry, finishReason: reason } : entry));
}

function contentOf(event: SourceEvent, key: string, role: string): Message[] {
  const flattened = unflatten(event.attributes, key);
  return messagesFrom(flattened ?? event.attributes.get(key) ?? event.body, role);
}
