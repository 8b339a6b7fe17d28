import { startAnthropicServer } from "./anthropic-server.ts";
import { startGeminiServer } from "./gemini-server.ts";
import { startOpenAiServer } from "./openai-server.ts";

/** A server for each provider, and the variables by which an agent finds them. */
export async function startModelServers(): Promise<
  AsyncDisposable & { readonly env: Record<string, string> }
> {
  await using started = new AsyncDisposableStack();
  const openai = started.use(await startOpenAiServer());
  const anthropic = started.use(await startAnthropicServer());
  const gemini = started.use(await startGeminiServer());
  const servers = started.move();
  const env = {
    OPENAI_API_KEY: "x",
    OPENAI_BASE_URL: `${openai.url}/v1`,
    ANTHROPIC_API_KEY: "x",
    ANTHROPIC_BASE_URL: anthropic.url,
    GEMINI_URL: gemini.url,
  };
  return { env, [Symbol.asyncDispose]: () => servers.disposeAsync() };
}
