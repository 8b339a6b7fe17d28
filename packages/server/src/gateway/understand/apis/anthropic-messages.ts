import type { ContentLevel, Usage } from "../call.ts";
import { idsAmong, idsOfAnthropicUser } from "../correlation-ids.ts";
import { contentParts, requestMessages, toolDefinitions } from "../messages/anthropic.ts";
import { contentText } from "../messages/content-text.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { type Fields, fields, fromJson, listOf, numberOf, textOf, textsOf } from "../text/value.ts";
import { type Answer, type AnswerReader, type Api, ToolNames } from "./api.ts";

/** `POST /v1/messages`; Vertex has the model in the path. */
export const anthropicMessages: Api = {
  contentFields: new Set(["messages", "system", "tools"]),
  request(body, { path }, level) {
    const model = textOf(body.model) ?? /\/models\/([^/:?]+):/.exec(path)?.[1];
    const settings = fields(body.output_config);
    const format = fields(settings.format ?? body.output_format).type;
    return {
      model,
      streams: body.stream === true,
      verb: "chat",
      target: model,
      values: {
        "gen_ai.operation.name": "chat",
        ...idsAmong({ ...fields(body.metadata), user_id: undefined }),
        ...idsOfAnthropicUser(fields(body.metadata).user_id),
        "gen_ai.request.max_tokens": numberOf(body.max_tokens),
        "gen_ai.request.temperature": numberOf(body.temperature),
        "gen_ai.request.top_p": numberOf(body.top_p),
        "gen_ai.request.top_k": numberOf(body.top_k),
        "gen_ai.request.stop_sequences": textsOf(body.stop_sequences),
        "gen_ai.request.reasoning.level": textOf(settings.effort),
        "gen_ai.output.type": format === "json_schema" ? "json" : undefined,
      },
      content: () => ({
        "gen_ai.system_instructions": contentText(
          level,
          "gen_ai.system_instructions",
          contentParts(body.system),
        ),
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", requestMessages(body.messages)),
        "gen_ai.tool.definitions": contentText(level, "gen_ai.tool.definitions", toolDefinitions(body.tools)),
      }),
    };
  },
  answer: (_request, level) => new MessageAnswer(level),
};

/** Blocks of one message; a wrong index must not make a huge list. */
const MAX_BLOCKS = 4096;

interface Block {
  readonly start: Fields;
  readonly text: BoundedText;
  readonly json: BoundedText;
}

class MessageAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #blocks: Block[] = [];
  readonly #names = new ToolNames();
  readonly #usage: Record<string, unknown> = {};
  #head: Fields = {};
  #content: unknown;
  #reason: string | undefined;
  #isWhole = false;

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  wants(type: string): boolean {
    return type !== "ping" && type !== "content_block_stop";
  }

  take(value: unknown): boolean {
    const event = fields(value);
    switch (event.type) {
      case "message":
        this.#begin(event);
        this.#content = event.content;
        this.#reason = textOf(event.stop_reason);
        for (const block of listOf(event.content)) this.#name(fields(block));
        this.#isWhole = true;
        return true;
      case "message_start":
        this.#begin(fields(event.message));
        return false;
      case "content_block_start":
        this.#name(fields(event.content_block));
        this.#start(event.index, fields(event.content_block));
        return fields(event.content_block).type !== "text" && fields(event.content_block).type !== "thinking";
      case "content_block_delta":
        return this.#add(event.index, fields(event.delta));
      case "message_delta":
        this.#addUsage(event.usage);
        this.#reason = textOf(fields(event.delta).stop_reason) ?? this.#reason;
        return false;
      case "message_stop":
        this.#isWhole = true;
        return false;
      default:
        return false;
    }
  }

  finish(): Answer {
    const reason = this.#reason;
    return {
      model: textOf(this.#head.model),
      usage: usageOf(this.#usage),
      isWhole: this.#isWhole,
      values: {
        ...this.#names.values,
        "gen_ai.response.id": textOf(this.#head.id),
        "gen_ai.response.finish_reasons": reason === undefined ? undefined : [reason],
      },
      content: () => {
        const parts = contentParts(this.#content ?? this.#blocks.filter(Boolean).map(whole));
        const messages = parts.length === 0 ? [] : [{ role: "assistant", parts, finish_reason: reason }];
        return { "gen_ai.output.messages": contentText(this.#level, "gen_ai.output.messages", messages) };
      },
    };
  }

  #begin(message: Fields): void {
    this.#head = { id: message.id, model: message.model };
    this.#addUsage(message.usage);
  }

  #addUsage(stated: unknown): void {
    for (const [key, value] of Object.entries(fields(stated))) if (value !== null) this.#usage[key] = value;
  }

  #name({ type, name }: Fields): void {
    if (type === "tool_use") this.#names.add(name);
  }

  #start(index: unknown, start: Fields): void {
    if (this.#level === "off" || !Number.isInteger(index)) return;
    const at = index as number;
    if (at >= 0 && at < MAX_BLOCKS)
      this.#blocks[at] = { start, text: new BoundedText(), json: new BoundedText() };
  }

  #add(index: unknown, { partial_json, text, thinking }: Fields): boolean {
    const block = this.#level === "off" ? undefined : this.#blocks[Number(index)];
    block?.json.add(partial_json);
    block?.text.add(text ?? thinking);
    return Boolean(partial_json) || Boolean(text) || Boolean(thinking);
  }
}

function whole({ start, text, json }: Block): Fields {
  const added = String(text);
  if (start.type === "text") return { ...start, text: String(start.text ?? "") + added };
  if (start.type === "thinking") return { ...start, thinking: String(start.thinking ?? "") + added };
  const input = String(json);
  return input === "" ? start : { ...start, input: fromJson(input) };
}

/** The API counts cached tokens apart from the input; the conventions count them in. */
function usageOf(usage: Fields): Usage | undefined {
  const cacheRead = numberOf(usage.cache_read_input_tokens);
  const cacheWrite = numberOf(usage.cache_creation_input_tokens);
  const fresh = numberOf(usage.input_tokens);
  const output = numberOf(usage.output_tokens);
  if (fresh === undefined && output === undefined) return undefined;
  return {
    input: fresh === undefined ? undefined : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output,
    cacheRead,
    cacheWrite,
    reasoning: numberOf(fields(usage.output_tokens_details).thinking_tokens),
  };
}
