import type { Tracer } from "@opentelemetry/api";
import { type Operation, startOperation } from "../../genai/operation.ts";
import type { ContentLevel } from "../../settings.ts";
import { fields, listOf, numberOf } from "../value.ts";
import { modelName, providerAttributes } from "./content-call.ts";

/** Starts the span of one request for embeddings. */
export function startEmbedding(
  tracer: Tracer,
  level: ContentLevel,
  client: unknown,
  params: unknown,
): Operation {
  const { model, config } = fields(params);
  const name = modelName(model);
  return startOperation(tracer, level, {
    operation: "embeddings",
    target: name,
    attributes: {
      ...providerAttributes(client),
      "gen_ai.request.model": name,
      "gen_ai.embeddings.dimension.count": numberOf(fields(config).outputDimensionality),
    },
  });
}

/** Records the size of the vectors, and the tokens where the API states them. */
export function recordEmbedding(operation: Operation, answer: unknown): void {
  const { embeddings, usageMetadata } = fields(answer);
  const list = listOf(embeddings).map(fields);
  const counts = list.map(({ statistics }) => numberOf(fields(statistics).tokenCount) ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const values = list[0]?.values;
  operation.set({ "gen_ai.embeddings.dimension.count": Array.isArray(values) ? values.length : undefined });
  const stated = numberOf(fields(usageMetadata).promptTokenCount);
  operation.usage({ input: stated ?? (total > 0 ? total : undefined) });
}
