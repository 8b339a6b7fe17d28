/** Beginnings of the AI SDK's names of providers, such as `openai.chat`, the more special ones first. */
const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  ["google.vertex", "gcp.vertex_ai"],
  ["google-vertex", "gcp.vertex_ai"],
  ["vertex", "gcp.vertex_ai"],
  ["google", "gcp.gemini"],
  ["amazon-bedrock", "aws.bedrock"],
  ["bedrock", "aws.bedrock"],
  ["azure-openai", "azure.ai.openai"],
  ["azure", "azure.ai.openai"],
  ["anthropic", "anthropic"],
  ["openai", "openai"],
  ["mistral", "mistral_ai"],
  ["cohere", "cohere"],
  ["groq", "groq"],
  ["deepseek", "deepseek"],
  ["perplexity", "perplexity"],
  ["moonshotai", "moonshot_ai"],
  ["xai", "x_ai"],
];

/** `gen_ai.provider.name` of a model; what is not known stays as the SDK says it, without the kind of API. */
export function providerName(provider: unknown): string | undefined {
  if (typeof provider !== "string" || provider === "") return undefined;
  const lower = provider.toLowerCase();
  const known = NAMES.find(
    ([prefix]) => lower === prefix || (/[.-]/.test(lower.charAt(prefix.length)) && lower.startsWith(prefix)),
  );
  return known?.[1] ?? provider.split(".")[0];
}
