import type { Attributes } from "@opentelemetry/api";
import { serverAttributes } from "../../genai/server-address.ts";
import { fields } from "../value.ts";

/** Providers that speak OpenAI's protocol, by the end of their host's name. */
const HOSTS: readonly (readonly [host: string, provider: string])[] = [
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

/** Provider and server of a client: other providers are called through OpenAI's SDK too. */
export function providerAttributes(client: unknown): Attributes {
  const { baseURL, apiVersion, deploymentName } = fields(client);
  const server = serverAttributes(baseURL);
  const host = String(server["server.address"] ?? "");
  const isAzure = (typeof apiVersion === "string" && apiVersion !== "") || typeof deploymentName === "string";
  return { "gen_ai.provider.name": isAzure ? "azure.ai.openai" : providerAt(host), ...server };
}

/** Nearly always the host is that of the call before. */
let last = { host: "", provider: "openai" };

function providerAt(host: string): string {
  if (host !== last.host) {
    last = { host, provider: HOSTS.find(([end]) => host.endsWith(end))?.[1] ?? "openai" };
  }
  return last.provider;
}
