import type { ApiKind } from "../call.ts";
import { a2a } from "./a2a.ts";
import { agent } from "./agent.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import type { Api } from "./api.ts";
import { geminiGenerate } from "./gemini-generate.ts";
import { mcp } from "./mcp.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";

export const APIS: Readonly<Record<ApiKind, Api>> = {
  "openai.chat": openaiChat,
  "openai.completions": openaiCompletions,
  "openai.responses": openaiResponses,
  "openai.embeddings": openaiEmbeddings,
  "anthropic.messages": anthropicMessages,
  "gemini.generate": geminiGenerate,
  mcp,
  a2a,
  agent,
};
