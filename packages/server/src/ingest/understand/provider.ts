/** Well-known names of OpenTelemetry, by what emitters call them: exact, or up to a `.`, `-`, `_`, `/` or space. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["openai", "openai"],
  ["anthropic", "anthropic"],
  ["claude", "anthropic"],
  ["aws", "aws.bedrock"],
  ["amazon", "aws.bedrock"],
  ["bedrock", "aws.bedrock"],
  ["azure", "azure.ai.openai"],
  ["az.ai.openai", "azure.ai.openai"],
  ["azure.ai.openai", "azure.ai.openai"],
  ["az.ai.inference", "azure.ai.inference"],
  ["azure.ai.inference", "azure.ai.inference"],
  ["google.vertex", "gcp.vertex_ai"],
  ["google-vertex", "gcp.vertex_ai"],
  ["google_vertexai", "gcp.vertex_ai"],
  ["vertex", "gcp.vertex_ai"],
  ["vertexai", "gcp.vertex_ai"],
  ["gcp.vertex_ai", "gcp.vertex_ai"],
  ["gcp.vertex.agent", "gcp.vertex_ai"],
  ["gcp.gemini", "gcp.gemini"],
  ["gcp.gen_ai", "gcp.gen_ai"],
  ["google", "gcp.gemini"],
  ["gemini", "gcp.gemini"],
  ["mistral", "mistral_ai"],
  ["mistralai", "mistral_ai"],
  ["cohere", "cohere"],
  ["deepseek", "deepseek"],
  ["groq", "groq"],
  ["perplexity", "perplexity"],
  ["xai", "x_ai"],
  ["x_ai", "x_ai"],
  ["ibm", "ibm.watsonx.ai"],
  ["watsonx", "ibm.watsonx.ai"],
  ["moonshot", "moonshot_ai"],
  ["moonshotai", "moonshot_ai"],
  ["together", "together_ai"],
  ["togetherai", "together_ai"],
  ["fireworks", "fireworks"],
]);

const MAX_KNOWN = 2048;
const MAX_LENGTH = 200;
const known = new Map<string, string>();

/** The provider as OpenTelemetry names it; one it has no name for in lower case, as the emitter wrote it. */
export function providerOf(stated: string): string {
  const name = stated.length > MAX_LENGTH ? stated.slice(0, MAX_LENGTH) : stated;
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  if (known.size >= MAX_KNOWN) known.clear();
  const provider = normalised(name.toLowerCase());
  known.set(name, provider);
  return provider;
}

/** The longest beginning that is known, so that `google.vertex.chat` is not `google`. */
function normalised(name: string): string {
  let end = name.length;
  while (end > 0) {
    const found = NAMES.get(name.slice(0, end));
    if (found !== undefined) return found;
    end--;
    while (end > 0 && !/[.\-_/ ]/.test(name[end]!)) end--;
  }
  return name;
}
