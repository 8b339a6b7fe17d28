import type { ApiKind } from "./call.ts";

const JSON_TYPE = /^\s*application\/(?:[\w.-]+\+)?json\b/i;

/** The first match counts. Paths without query and without a slash at the end. */
const PATHS: readonly (readonly [path: RegExp, api: ApiKind])[] = [
  [/\/chat\/completions$/, "openai.chat"],
  [/\/embeddings$/, "openai.embeddings"],
  [/\/responses$/, "openai.responses"],
  [/\/completions$/, "openai.completions"],
  [/\/v\d+\/messages$/, "anthropic.messages"],
  [/\/publishers\/anthropic\/models\/[^/]+:(?:streamRawPredict|rawPredict)$/, "anthropic.messages"],
  [/:(?:generateContent|streamGenerateContent)$/, "gemini.generate"],
  [/\/mcp$/, "mcp"],
  [/\/a2a$|\/message:(?:send|stream)$|\/tasks\/[^/]+:(?:cancel|subscribe)$/, "a2a"],
];

/**
 * Which API a request speaks, by its path's end, whatever stands before it: `/openai/deployments/gpt-5/chat/completions`
 * is OpenAI's. Undefined when its body is nothing to read: no POST, or no JSON.
 */
export function apiOf(method: string, path: string, contentType: string | undefined): ApiKind | undefined {
  if (method !== "POST" || contentType === undefined || !JSON_TYPE.test(contentType)) return undefined;
  const end = path.search(/[?#]/);
  const plain = (end < 0 ? path : path.slice(0, end)).replace(/\/+$/, "");
  for (const [pattern, api] of PATHS) if (pattern.test(plain)) return api;
  return "agent";
}
