import type { Message, Part } from "@clew/protocol/genai/message";
import { messagesFrom } from "@clew/protocol/genai/messages";
import { apiOf } from "../understand/api-of.ts";
import { type Match, withoutVolatileText } from "./content-key.ts";
import { rebuiltAnswer, type WantedForm } from "./rebuild/rebuilt-answer.ts";
import type { Pace, RecordableCall, RecordedAnswer, Replayer } from "./recorder.ts";
import { Sequence } from "./sequence.ts";
import type { TraceCall } from "./trace-calls.ts";

export interface TraceReplayerOptions {
  readonly calls: readonly TraceCall[];
  readonly match: Match;
  readonly missing: "error" | "forward";
  readonly pace?: Pace | undefined;
}

/**
 * Serves the answers that a trace tells of, in the format of whoever asks. A request is found again by what it says to
 * the model, whatever its API; loose: dates and UUIDs in it do not matter, and after the last answer to it comes the
 * first again.
 */
export class TraceReplayer implements Replayer {
  readonly pace: Pace;
  readonly #options: TraceReplayerOptions;
  readonly #answers = new Map<string, Sequence<TraceCall>>();

  constructor(options: TraceReplayerOptions) {
    this.#options = options;
    this.pace = options.pace ?? "fast";
    for (const call of options.calls) {
      const key = conversationKey(call.input, options.match);
      const sequence = this.#answers.get(key) ?? new Sequence<TraceCall>(options.match === "loose");
      sequence.add(call);
      this.#answers.set(key, sequence);
    }
  }

  answer(call: RecordableCall): RecordedAnswer | undefined | "missing" {
    const none = this.#options.missing === "forward" ? undefined : "missing";
    const body = bodyOf(call);
    if (body === undefined) return none;
    const wanted = wantedForm(call, body);
    if (wanted === undefined) return none;
    const found = this.#answers.get(conversationKey(messagesFrom(body, "user"), this.#options.match))?.next();
    return (found && rebuiltAnswer(found.answer, wanted)) ?? none;
  }
}

type Body = Readonly<Record<string, unknown>>;

function bodyOf({ body }: RecordableCall): Body | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body ?? new Uint8Array()).toString());
    return typeof value === "object" && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

function wantedForm({ method, path, headers }: RecordableCall, body: Body): WantedForm | undefined {
  const api = apiOf(method, path, headers["content-type"]);
  if (api === undefined) return undefined;
  const options = body.stream_options as { include_usage?: unknown } | undefined | null;
  return {
    api,
    streams: body.stream === true || /:(streamGenerateContent|streamRawPredict)\b/.test(path),
    usageInStream: options?.include_usage === true,
    eventStream: /[?&]alt=sse\b/.test(path),
  };
}

/** What is said, by whom, in order; neither ids nor how an API cuts it into messages. Instructions come first. */
function conversationKey(messages: readonly Message[], match: Match): string {
  const lines = messages.flatMap(({ role, parts }) => parts.map((part) => lineOf(role, part)));
  const isInstruction = (line: readonly string[]): boolean => line[0] === "system";
  const ordered = [...lines.filter(isInstruction), ...lines.filter((line) => !isInstruction(line))];
  const text = JSON.stringify(ordered);
  return match === "strict" ? text : withoutVolatileText(text);
}

function lineOf(role: string, part: Part): readonly string[] {
  const who = role === "developer" ? "system" : role;
  switch (part.type) {
    case "text":
      return [who, "text", part.text.trim()];
    case "reasoning":
      return [who, "reasoning", part.text.trim()];
    case "tool_call":
      return ["assistant", "call", part.name, canonical(part.arguments)];
    case "tool_call_response":
      return ["tool", "result", canonical(part.result)];
    case "image":
    case "file":
      return [who, part.type, part.url || part.data || part.fileId];
    default:
      return [who, "json", canonical(part.value)];
  }
}

/** JSON with keys in order; text that is JSON, and text blocks, as what they say. */
function canonical(value: unknown): string {
  if (typeof value === "string") {
    try {
      return canonical(JSON.parse(value) as unknown);
    } catch {
      return value.trim();
    }
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isTextBlock)) {
    return canonical(value.map((block) => block.text ?? block.content).join(""));
  }
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isTextBlock(block: unknown): block is { readonly text?: string; readonly content?: string } {
  if (typeof block !== "object" || block === null) return false;
  const { type, text, content } = block as Record<string, unknown>;
  return /text$/.test(String(type)) && (typeof text === "string" || typeof content === "string");
}
