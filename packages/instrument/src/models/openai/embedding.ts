import type { Tracer } from "@opentelemetry/api";
import { startOperation } from "../../genai/operation.ts";
import type { ContentLevel } from "../../settings.ts";
import type { ModelCall } from "../call.ts";
import { fields, listOf, numberOf, textOf } from "../value.ts";
import { providerAttributes } from "./provider.ts";

/** `embeddings.create`. */
export function embeddingCall(
  tracer: Tracer,
  level: ContentLevel,
  client: unknown,
  body: unknown,
): ModelCall {
  const request = fields(body);
  const format = textOf(request.encoding_format);
  const operation = startOperation(tracer, level, {
    operation: "embeddings",
    target: textOf(request.model),
    attributes: {
      ...providerAttributes(client),
      "gen_ai.request.model": textOf(request.model),
      "gen_ai.request.encoding_formats": format === undefined ? undefined : [format],
      "gen_ai.embeddings.dimension.count": numberOf(request.dimensions),
    },
  });
  return {
    operation,
    answer(data) {
      const { model, usage, data: vectors } = fields(data);
      const vector = fields(listOf(vectors)[0]).embedding;
      operation.set({
        "gen_ai.response.model": textOf(model),
        // Vectors that were asked for as base64 are text.
        "gen_ai.embeddings.dimension.count": Array.isArray(vector) ? vector.length : undefined,
      });
      operation.usage({ input: numberOf(fields(usage).prompt_tokens) });
    },
  };
}
