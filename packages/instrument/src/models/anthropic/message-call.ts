import type { Attributes, Tracer } from "@opentelemetry/api";
import { fromJson, type Message } from "../../genai/message.ts";
import type { StreamReader } from "../../genai/observe-stream.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { serverAttributes } from "../../genai/server-address.ts";
import type { ContentLevel } from "../../settings.ts";
import type { ModelCall } from "../call.ts";
import { type Fields, fields, listOf, numberOf, textOf } from "../value.ts";
import { contentParts, requestMessages, toolDefinitions } from "./messages.ts";

/** `messages.create`, of the API and of its beta. */
export function messageCall(
  tracer: Tracer,
  level: ContentLevel,
  client: unknown,
  body: unknown,
  options: unknown,
): ModelCall {
  const request = fields(body);
  const stops = listOf(request.stop_sequences).filter((text) => typeof text === "string") as string[];
  const settings = fields(request.output_config);
  const format = fields(settings.format ?? request.output_format).type;
  const operation = startOperation(tracer, level, {
    operation: "chat",
    target: textOf(request.model),
    attributes: {
      ...providerAttributes(fields(client)),
      "gen_ai.request.model": textOf(request.model),
      "gen_ai.request.stream": request.stream === true ? true : undefined,
      "gen_ai.request.max_tokens": numberOf(request.max_tokens),
      "gen_ai.request.temperature": numberOf(request.temperature),
      "gen_ai.request.top_p": numberOf(request.top_p),
      "gen_ai.request.top_k": numberOf(request.top_k),
      "gen_ai.request.stop_sequences": stops.length === 0 ? undefined : stops,
      "gen_ai.request.reasoning.level": textOf(settings.effort),
      "gen_ai.output.type": format === "json_schema" ? "json" : undefined,
      "gen_ai.conversation.id": textOf(fields(fields(options).openTelemetry).conversationId),
    },
  });
  operation.content("gen_ai.system_instructions", () => contentParts(request.system));
  operation.content("gen_ai.input.messages", () => requestMessages(request.messages));
  operation.content("gen_ai.tool.definitions", () => toolDefinitions(request.tools));
  return {
    operation,
    answer(data) {
      const { content, stop_reason, usage } = recordHead(operation, data);
      recordUsage(operation, fields(usage));
      recordEnd(operation, content, textOf(stop_reason));
    },
    reader: () => messageReader(operation),
  };
}

function providerAttributes({ baseURL, _genAIProviderName: named }: Fields): Attributes {
  const server = serverAttributes(baseURL);
  const host = String(server["server.address"] ?? "");
  const byHost = host.endsWith(".amazonaws.com")
    ? "aws.bedrock"
    : host.endsWith("aiplatform.googleapis.com")
      ? "gcp.vertex_ai"
      : "anthropic";
  return { "gen_ai.provider.name": textOf(named) ?? byHost, ...server };
}

function recordHead(operation: Operation, message: unknown): Fields {
  const head = fields(message);
  operation.set({ "gen_ai.response.id": textOf(head.id), "gen_ai.response.model": textOf(head.model) });
  return head;
}

/** The API counts cached tokens apart from the input; the conventions count them in. */
function recordUsage(operation: Operation, usage: Fields): void {
  const cacheRead = numberOf(usage.cache_read_input_tokens);
  const cacheWrite = numberOf(usage.cache_creation_input_tokens);
  const fresh = numberOf(usage.input_tokens);
  operation.usage({
    input: fresh === undefined ? undefined : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output: numberOf(usage.output_tokens),
    cacheRead,
    cacheWrite,
    reasoning: numberOf(fields(usage.output_tokens_details).thinking_tokens),
  });
}

function recordEnd(operation: Operation, content: unknown, reason: string | undefined): void {
  if (reason !== undefined) operation.set({ "gen_ai.response.finish_reasons": [reason] });
  operation.content("gen_ai.output.messages", (): Message[] => {
    const parts = contentParts(content);
    return parts.length === 0 ? [] : [{ role: "assistant", parts, finish_reason: reason }];
  });
}

/** Blocks of one message; a wrong index must not make a huge list. */
const MAX_INDEX = 4096;

/** Puts the events of a stream together; what they say is kept only where it is recorded. */
function messageReader(operation: Operation): StreamReader {
  const usage: Record<string, unknown> = {};
  const blocks: { block: Record<string, unknown>; json: string }[] = [];
  let reason: string | undefined;
  const addUsage = (stated: unknown) => {
    for (const [key, value] of Object.entries(fields(stated))) if (value !== null) usage[key] = value;
  };
  return {
    item(value) {
      const { type, message, index, content_block, delta, usage: stated } = fields(value);
      if (type === "message_start") addUsage(recordHead(operation, message).usage);
      else if (type === "message_delta") {
        addUsage(stated);
        reason = textOf(fields(delta).stop_reason) ?? reason;
      } else if (operation.level !== "off" && typeof index === "number" && index >= 0 && index < MAX_INDEX) {
        if (type === "content_block_start") blocks[index] = { block: { ...fields(content_block) }, json: "" };
        else if (type === "content_block_delta") add(blocks[index], fields(delta));
      }
    },
    finish() {
      recordUsage(operation, usage);
      const content = blocks
        .filter(Boolean)
        .map(({ block, json }) => (json === "" ? block : { ...block, input: fromJson(json) }));
      recordEnd(operation, content, reason);
    },
  };
}

function add(into: { block: Record<string, unknown>; json: string } | undefined, delta: Fields): void {
  if (into === undefined) return;
  const { block } = into;
  if (typeof delta.partial_json === "string") into.json += delta.partial_json;
  else if (typeof delta.text === "string") block.text = String(block.text ?? "") + delta.text;
  else if (typeof delta.thinking === "string") block.thinking = String(block.thinking ?? "") + delta.thinking;
}
