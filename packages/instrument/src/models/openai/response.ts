import type { Tracer } from "@opentelemetry/api";
import type { StreamReader } from "../../genai/observe-stream.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import type { ContentLevel } from "../../settings.ts";
import type { ModelCall } from "../call.ts";
import { type Fields, fields, listOf, numberOf, textOf } from "../value.ts";
import { outputType, samplingAttributes } from "./chat.ts";
import { toolDefinitions } from "./messages.ts";
import { providerAttributes } from "./provider.ts";
import { inputMessages, outputMessages } from "./response-items.ts";

/** `responses.create`. */
export function responseCall(tracer: Tracer, level: ContentLevel, client: unknown, body: unknown): ModelCall {
  const request = fields(body);
  const { conversation } = request;
  const operation = startOperation(tracer, level, {
    operation: "chat",
    target: textOf(request.model),
    attributes: {
      ...providerAttributes(client),
      ...samplingAttributes(request),
      "openai.api.type": "responses",
      "gen_ai.request.max_tokens": numberOf(request.max_output_tokens),
      "gen_ai.request.reasoning.level": textOf(fields(request.reasoning).effort),
      "gen_ai.request.previous_response.id": textOf(request.previous_response_id),
      "gen_ai.conversation.id": textOf(conversation) ?? textOf(fields(conversation).id),
      "gen_ai.output.type": outputType(fields(fields(request.text).format).type),
    },
  });
  operation.content("gen_ai.system_instructions", () => instructions(request.instructions));
  operation.content("gen_ai.input.messages", () => inputMessages(request.input));
  operation.content("gen_ai.tool.definitions", () => toolDefinitions(request.tools));
  return {
    operation,
    answer: (data) => recordResponse(operation, fields(data)),
    reader: () => responseReader(operation),
  };
}

function instructions(given: unknown): unknown {
  if (typeof given === "string") return [{ type: "text", content: given }];
  return inputMessages(given).flatMap(({ parts }) => parts);
}

function recordResponse(operation: Operation, response: Fields): void {
  const usage = fields(response.usage);
  const input = fields(usage.input_tokens_details);
  const reason = finishReason(response);
  operation.set({
    "gen_ai.response.id": textOf(response.id),
    "gen_ai.response.model": textOf(response.model),
    "gen_ai.conversation.id": textOf(fields(response.conversation).id),
    "openai.response.service_tier": textOf(response.service_tier),
    "gen_ai.response.finish_reasons": reason === undefined ? undefined : [reason],
  });
  operation.usage({
    input: numberOf(usage.input_tokens),
    output: numberOf(usage.output_tokens),
    cacheRead: numberOf(input.cached_tokens),
    cacheWrite: numberOf(input.cache_write_tokens),
    reasoning: numberOf(fields(usage.output_tokens_details).reasoning_tokens),
  });
  operation.content("gen_ai.output.messages", () => outputMessages(response.output, reason));
  if (response.status === "failed") {
    const { code, message } = fields(response.error);
    operation.failAs(textOf(code) ?? "failed", textOf(message));
  }
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
  const calls = listOf(output).some((item) =>
    /^(function|custom_tool)_call$/.test(String(fields(item).type)),
  );
  return calls ? "tool_calls" : "stop";
}

/** The last event carries the whole response; until it came, what was said is kept in case it never does. */
function responseReader(operation: Operation): StreamReader {
  let text = "";
  let isWhole = false;
  return {
    item(value) {
      const { type, response, delta } = fields(value);
      if (type === "response.created") {
        const { id, model } = fields(response);
        operation.set({ "gen_ai.response.id": textOf(id), "gen_ai.response.model": textOf(model) });
      } else if (type === "response.output_text.delta") {
        if (operation.level !== "off") text += textOf(delta) ?? "";
      } else if (/^response\.(completed|incomplete|failed)$/.test(String(type))) {
        isWhole = true;
        recordResponse(operation, fields(response));
      }
    },
    finish() {
      if (isWhole || text === "") return;
      operation.content("gen_ai.output.messages", () => [
        { role: "assistant", parts: [{ type: "text", content: text }] },
      ]);
    },
  };
}
