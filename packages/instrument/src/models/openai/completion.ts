import type { Tracer } from "@opentelemetry/api";
import { startOperation } from "../../genai/operation.ts";
import type { ContentLevel } from "../../settings.ts";
import type { ModelCall } from "../call.ts";
import { fields, listOf, numberOf, textOf } from "../value.ts";
import { recordAnswer, recordReasons, samplingAttributes } from "./chat.ts";
import { providerAttributes } from "./provider.ts";

/** `completions.create`: the API for text before there was chat; servers of open models still speak it. */
export function completionCall(
  tracer: Tracer,
  level: ContentLevel,
  client: unknown,
  body: unknown,
): ModelCall {
  const request = fields(body);
  const operation = startOperation(tracer, level, {
    operation: "text_completion",
    target: textOf(request.model),
    attributes: {
      ...providerAttributes(client),
      ...samplingAttributes(request),
      "gen_ai.request.max_tokens": numberOf(request.max_tokens),
    },
  });
  const { prompt } = request;
  operation.content("gen_ai.input.messages", () =>
    (typeof prompt === "string" ? [prompt] : listOf(prompt))
      .filter((text) => typeof text === "string")
      .map((content) => ({ role: "user", parts: [{ type: "text", content }] })),
  );
  const texts: string[] = [];
  const read = (data: unknown) => {
    const answer = fields(data);
    recordAnswer(operation, answer);
    const choices = listOf(answer.choices).map(fields);
    recordReasons(operation, choices);
    if (operation.level === "off") return;
    for (const { index, text } of choices) {
      const at = Math.min(numberOf(index) ?? 0, 127);
      texts[at] = (texts[at] ?? "") + (textOf(text) ?? "");
    }
  };
  const finish = () => {
    operation.content("gen_ai.output.messages", () =>
      texts.map((content) => ({ role: "assistant", parts: [{ type: "text", content }] })),
    );
  };
  return {
    operation,
    answer(data) {
      read(data);
      finish();
    },
    reader: () => ({ item: read, finish }),
  };
}
