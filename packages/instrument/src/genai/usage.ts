import type { Attributes } from "@opentelemetry/api";

/** Tokens of one call; what the provider does not state is left out. */
export interface Usage {
  /** All of the input, what was read from and written to a cache included. */
  readonly input?: number | undefined;
  /** All of the output, reasoning included. */
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
}

/** Usage by the names of the conventions. Zeroes are kept; anything but a number is left out. */
export function usageAttributes(usage: Usage): Attributes {
  const attributes: Attributes = {};
  const add = (key: string, tokens: unknown) => {
    if (typeof tokens === "number" && Number.isFinite(tokens)) attributes[key] = tokens;
  };
  add("gen_ai.usage.input_tokens", usage.input);
  add("gen_ai.usage.output_tokens", usage.output);
  add("gen_ai.usage.cache_read.input_tokens", usage.cacheRead);
  add("gen_ai.usage.cache_write.input_tokens", usage.cacheWrite);
  add("gen_ai.usage.reasoning.output_tokens", usage.reasoning);
  return attributes;
}
