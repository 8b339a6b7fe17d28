import type { ApiKind } from "./call.ts";

/** OpenTelemetry's names of providers, by the end of their host's name. */
const HOSTS: readonly (readonly [end: string, provider: string])[] = [
  [".azure.com", "azure.ai.openai"],
  [".amazonaws.com", "aws.bedrock"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["api.anthropic.com", "anthropic"],
  ["api.deepseek.com", "deepseek"],
  ["api.groq.com", "groq"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.x.ai", "x_ai"],
  ["api.cohere.com", "cohere"],
];

/** The provider that API and path show; a server of open models that speaks as OpenAI does counts as OpenAI. */
export function providerOfApi(api: ApiKind, path: string): string | undefined {
  if (/\/openai\/deployments\//.test(path)) return "azure.ai.openai";
  if (/\/publishers\//.test(path)) return "gcp.vertex_ai";
  if (api.startsWith("openai.")) return "openai";
  if (api === "anthropic.messages") return "anthropic";
  return api === "gemini.generate" ? "gcp.gemini" : undefined;
}

/** The provider that a host shows. Other providers are called through the APIs of the great ones too. */
export function providerAt(host: string): string | undefined {
  return HOSTS.find(([end]) => host.endsWith(end))?.[1];
}
