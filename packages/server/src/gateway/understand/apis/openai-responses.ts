import type { ContentLevel, Usage } from "../call.ts";
import { contentText } from "../messages/content-text.ts";
import { inputMessages, instructionParts, itemParts, toolDefinitions } from "../messages/openai.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { type Fields, fields, idOf, listOf, numberOf, textOf } from "../text/value.ts";
import { type Answer, type AnswerReader, type Api, MAX_INDEX, ToolNames } from "./api.ts";
import { outputType, samplingValues } from "./openai-parameters.ts";

/** `POST /responses`. */
export const openaiResponses: Api = {
  contentFields: new Set(["input", "instructions", "tools", "prompt"]),
  request(body, _input, level) {
    const model = textOf(body.model);
    const { conversation } = body;
    const conversationId = idOf(conversation) ?? idOf(fields(conversation).id);
    return {
      model,
      streams: body.stream === true,
      verb: "chat",
      target: model,
      values: {
        "gen_ai.operation.name": "chat",
        "openai.api.type": "responses",
        ...samplingValues(body),
        ...(conversationId === undefined ? {} : { "gen_ai.conversation.id": conversationId }),
        "gen_ai.request.max_tokens": numberOf(body.max_output_tokens),
        "gen_ai.request.reasoning.level": textOf(fields(body.reasoning).effort),
        "gen_ai.request.previous_response.id": textOf(body.previous_response_id),
        "gen_ai.output.type": outputType(fields(fields(body.text).format).type),
      },
      content: () => ({
        "gen_ai.system_instructions": contentText(
          level,
          "gen_ai.system_instructions",
          instructionParts(body.instructions),
        ),
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", inputMessages(body.input)),
        "gen_ai.tool.definitions": contentText(level, "gen_ai.tool.definitions", toolDefinitions(body.tools)),
      }),
    };
  },
  answer: (_request, level) => new ResponsesAnswer(level),
};

const OUTCOME = /^response\.(?:completed|incomplete|failed|cancelled)$/;
/** Events that hold nothing which others do not. */
const UNREAD =
  /^response\.(?:in_progress|queued|content_part\.\w+|.+_text\.done|.+_part\.done|.+_arguments\.done)$/;

/** The last event carries the whole response; until it came, items and text are kept in case it never does. */
class ResponsesAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  #head: Fields = {};
  #whole: Fields | undefined;
  readonly #items: unknown[] = [];
  #text = new BoundedText();

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  wants(type: string): boolean {
    return !UNREAD.test(type);
  }

  take(value: unknown): boolean {
    const event = fields(value);
    const type = String(event.type ?? "");
    if (event.object === "response" || OUTCOME.test(type)) {
      this.#whole = event.object === "response" ? event : fields(event.response);
      return event.object === "response";
    }
    if (type === "response.created") this.#head = fields(event.response);
    else if (type.endsWith(".delta")) {
      if (this.#level !== "off" && type === "response.output_text.delta") this.#text.add(event.delta);
      return true;
    } else if (type === "response.output_item.done") {
      if (this.#items.length <= MAX_INDEX)
        this.#items.push(this.#level === "off" ? slim(event.item) : event.item);
      this.#text = new BoundedText();
    }
    return false;
  }

  finish(): Answer {
    const response = this.#whole ?? this.#head;
    const output = this.#whole === undefined ? this.#items : listOf(this.#whole.output);
    const reason = finishReason(response);
    const { code, message } = fields(response.error);
    const names = new ToolNames();
    for (const item of output) if (isCall(item)) names.add(fields(item).name);
    const { conversation } = response;
    return {
      model: textOf(response.model),
      usage: usageOf(response.usage),
      isWhole: this.#whole !== undefined,
      error:
        response.status === "failed"
          ? { type: textOf(code) ?? "failed", message: textOf(message) ?? "" }
          : undefined,
      values: {
        ...names.values,
        "gen_ai.response.id": textOf(response.id),
        "gen_ai.conversation.id": idOf(fields(conversation).id),
        "openai.response.service_tier": textOf(response.service_tier),
        "gen_ai.response.finish_reasons": reason === undefined ? undefined : [reason],
      },
      content: () => ({
        "gen_ai.output.messages": contentText(
          this.#level,
          "gen_ai.output.messages",
          this.#messages(output, reason),
        ),
      }),
    };
  }

  #messages(output: readonly unknown[], reason: string | undefined) {
    const parts = output.flatMap(itemParts);
    const rest = this.#whole === undefined ? String(this.#text) : "";
    if (rest !== "") parts.push({ type: "text", content: rest });
    return parts.length === 0 ? [] : [{ role: "assistant", parts, finish_reason: reason }];
  }
}

function slim(item: unknown): Fields {
  const { type, name } = fields(item);
  return { type, name };
}

function isCall(item: unknown): boolean {
  return /^(?:function|custom_tool)_call$/.test(String(fields(item).type));
}

function usageOf(stated: unknown): Usage | undefined {
  if (typeof stated !== "object" || stated === null) return undefined;
  const usage = fields(stated);
  const input = fields(usage.input_tokens_details);
  return {
    input: numberOf(usage.input_tokens),
    output: numberOf(usage.output_tokens),
    cacheRead: numberOf(input.cached_tokens),
    cacheWrite: numberOf(input.cache_write_tokens),
    reasoning: numberOf(fields(usage.output_tokens_details).reasoning_tokens),
  };
}

/** The API states no reason for an answer that is complete; these are the words of chat completions. */
function finishReason({ status, output, incomplete_details }: Fields): string | undefined {
  if (status === "incomplete") {
    const reason = textOf(fields(incomplete_details).reason);
    return reason === "max_output_tokens" ? "length" : (reason ?? "incomplete");
  }
  if (status === "failed") return "error";
  if (status === "cancelled") return "cancelled";
  // One that runs in the background is not finished when the call is.
  if (status !== "completed") return undefined;
  return listOf(output).some(isCall) ? "tool_calls" : "stop";
}
