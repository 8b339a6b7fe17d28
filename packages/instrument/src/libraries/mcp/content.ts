import type { Span } from "@opentelemetry/api";
import { type ContentKey, contentText } from "../../genai/content.ts";
import type { Settings } from "../../settings.ts";
import type { Message } from "./message.ts";

/** Records what a tool is called with, as far as the level of content allows. */
export function recordArguments(span: Span, { method, params }: Message, { content }: Settings): void {
  if (method === "tools/call") record(span, content, "gen_ai.tool.call.arguments", params?.arguments);
}

/** Records what a tool answered. */
export function recordResult(span: Span, result: unknown, { content }: Settings): void {
  const { structuredContent, content: blocks } = (result ?? {}) as {
    structuredContent?: unknown;
    content?: unknown;
  };
  record(span, content, "gen_ai.tool.call.result", structuredContent ?? blocks);
}

function record(span: Span, level: Settings["content"], key: ContentKey, value: unknown): void {
  if (level === "off" || !span.isRecording()) return;
  const text = contentText(level, key, value);
  if (text !== undefined) span.setAttribute(key, text);
}
