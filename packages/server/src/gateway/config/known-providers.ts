/** How a provider wants to be given its key. */
export type KeyStyle = "bearer" | "x-api-key" | "api-key" | "x-goog-api-key";

/** A provider of models that needs no more than its name. */
export interface KnownProvider {
  readonly url: string;
  readonly keyStyle: KeyStyle;
  /** Patterns of the models it serves at the paths of OpenAI's API; none where others' models are served. */
  readonly models: readonly string[];
}

const bearer = (url: string, ...models: string[]): KnownProvider => ({ url, keyStyle: "bearer", models });

/** By the name that is also the beginning of their paths: `/openai/v1/chat/completions`. */
export const KNOWN_PROVIDERS: Readonly<Record<string, KnownProvider>> = {
  openai: bearer(
    "https://api.openai.com",
    "gpt-*",
    "chatgpt-*",
    "o1*",
    "o3*",
    "o4*",
    "codex-*",
    "text-embedding-*",
  ),
  anthropic: { url: "https://api.anthropic.com", keyStyle: "x-api-key", models: ["claude-*"] },
  gemini: { url: "https://generativelanguage.googleapis.com", keyStyle: "x-goog-api-key", models: [] },
  "gemini-openai": bearer("https://generativelanguage.googleapis.com/v1beta/openai", "gemini-*"),
  mistral: bearer(
    "https://api.mistral.ai",
    "mistral-*",
    "ministral-*",
    "magistral-*",
    "codestral-*",
    "devstral-*",
    "pixtral-*",
  ),
  deepseek: bearer("https://api.deepseek.com", "deepseek-*"),
  xai: bearer("https://api.x.ai", "grok-*"),
  groq: bearer("https://api.groq.com/openai"),
  openrouter: bearer("https://openrouter.ai/api"),
  together: bearer("https://api.together.xyz"),
  fireworks: bearer("https://api.fireworks.ai/inference"),
  cerebras: bearer("https://api.cerebras.ai"),
  ollama: bearer("http://127.0.0.1:11434"),
};

/** Who serves the paths that belong to one provider's API, where nothing in the request says more. */
export const API_PATHS: readonly (readonly [path: string, upstream: string])[] = [
  ["/v1/messages", "anthropic"],
  ["/v1beta", "gemini"],
  ["/v1alpha", "gemini"],
  ["/api", "ollama"],
  ["/v1", "openai"],
];

/** The header for a key, and its value. */
export function keyHeader(style: KeyStyle, key: string): [name: string, value: string] {
  return style === "bearer" ? ["authorization", `Bearer ${key}`] : [style, key];
}
