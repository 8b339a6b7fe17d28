import type { ContentLevel, Usage } from "../call.ts";
import { idsAmong } from "../correlation-ids.ts";
import { contentText } from "../messages/content-text.ts";
import { contentPart, contentsMessages, toolDefinitions } from "../messages/gemini.ts";
import type { Part } from "../messages/message.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { type Fields, fields, listOf, numberOf, textOf, textsOf } from "../text/value.ts";
import { type Answer, type AnswerReader, type Api, indexOf, ToolNames } from "./api.ts";

/** `POST .../models/MODEL:generateContent` and `:streamGenerateContent`, of Gemini's API and of Vertex. */
export const geminiGenerate: Api = {
  contentFields: new Set(["contents", "systemInstruction", "system_instruction", "tools"]),
  request(body, { path }, level) {
    const model = modelIn(path);
    const settings = fields(body.generationConfig ?? body.generation_config);
    const candidates = numberOf(settings.candidateCount);
    return {
      model,
      streams: /:streamGenerateContent(?:$|\?)/.test(path),
      verb: "generate_content",
      target: model,
      values: {
        "gen_ai.operation.name": "generate_content",
        ...idsAmong(body.labels),
        "gen_ai.request.temperature": numberOf(settings.temperature),
        "gen_ai.request.top_p": numberOf(settings.topP),
        "gen_ai.request.top_k": numberOf(settings.topK),
        "gen_ai.request.max_tokens": numberOf(settings.maxOutputTokens),
        "gen_ai.request.frequency_penalty": numberOf(settings.frequencyPenalty),
        "gen_ai.request.presence_penalty": numberOf(settings.presencePenalty),
        "gen_ai.request.seed": numberOf(settings.seed),
        "gen_ai.request.choice.count": candidates === 1 ? undefined : candidates,
        "gen_ai.request.stop_sequences": textsOf(settings.stopSequences),
        "gen_ai.request.reasoning.level": textOf(
          fields(settings.thinkingConfig).thinkingLevel,
        )?.toLowerCase(),
        "gen_ai.output.type": outputType(settings),
      },
      content: () => ({
        "gen_ai.system_instructions": contentText(
          level,
          "gen_ai.system_instructions",
          contentsMessages(body.systemInstruction ?? body.system_instruction).flatMap(({ parts }) => parts),
        ),
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", contentsMessages(body.contents)),
        "gen_ai.tool.definitions": contentText(level, "gen_ai.tool.definitions", toolDefinitions(body.tools)),
      }),
    };
  },
  answer: (_request, level) => new GeminiAnswer(level),
};

function modelIn(path: string): string | undefined {
  const name = /\/([^/:?]+):(?:streamG|g)enerateContent(?:$|\?)/.exec(path)?.[1];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function outputType({ responseMimeType, responseModalities }: Fields): string | undefined {
  if (responseMimeType === "application/json") return "json";
  if (responseMimeType === "text/plain") return "text";
  const modality = textOf(listOf(responseModalities)[0])?.toLowerCase();
  return modality === "audio" ? "speech" : modality;
}

interface Candidate {
  reason: string | undefined;
  readonly pieces: (Part | { readonly type: "text" | "reasoning"; readonly text: BoundedText })[];
}

const MAX_PARTS = 4096;

/** Puts the pieces of an answer together; what they say is kept only where it is recorded. */
class GeminiAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #candidates: Candidate[] = [];
  readonly #names = new ToolNames();
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage | undefined;

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  take(value: unknown): boolean {
    const { responseId, modelVersion, usageMetadata, promptFeedback, candidates } = fields(value);
    this.#id = textOf(responseId) ?? this.#id;
    this.#model = textOf(modelVersion) ?? this.#model;
    if (usageMetadata) this.#usage = usageOf(fields(usageMetadata));
    const blocked = textOf(fields(promptFeedback).blockReason);
    if (blocked !== undefined) this.#at(0).reason = blocked;
    let isOutput = false;
    for (const piece of listOf(candidates)) {
      const { index, finishReason, content } = fields(piece);
      const candidate = this.#at(indexOf(index, 0) ?? 0);
      candidate.reason = textOf(finishReason) ?? candidate.reason;
      for (const part of listOf(fields(content).parts)) {
        this.#names.add(fields(fields(part).functionCall).name);
        isOutput ||= fields(part).text !== "";
        if (this.#level !== "off") add(candidate, contentPart(part));
      }
    }
    return isOutput;
  }

  finish(): Answer {
    const candidates = this.#candidates.filter(Boolean);
    const reasons = candidates.flatMap(({ reason }) => (reason === undefined ? [] : [reason.toLowerCase()]));
    return {
      model: this.#model,
      usage: this.#usage,
      isWhole: reasons.length > 0 && reasons.length === candidates.length,
      values: {
        ...this.#names.values,
        "gen_ai.response.id": this.#id,
        "gen_ai.response.finish_reasons": reasons.length === 0 ? undefined : reasons,
      },
      content: () => ({
        "gen_ai.output.messages": contentText(
          this.#level,
          "gen_ai.output.messages",
          candidates.map(({ pieces, reason }) => ({
            role: "assistant",
            parts: pieces.map(whole),
            finish_reason: reason?.toLowerCase(),
          })),
        ),
      }),
    };
  }

  #at(index: number): Candidate {
    this.#candidates[index] ??= { reason: undefined, pieces: [] };
    return this.#candidates[index];
  }
}

/** Text comes in pieces, anything else whole. */
function add({ pieces }: Candidate, part: Part): void {
  if (part.type !== "text" && part.type !== "reasoning") {
    if (pieces.length < MAX_PARTS) pieces.push(part);
    return;
  }
  const last = pieces.at(-1);
  const open =
    last?.type === part.type && "text" in last && last.text instanceof BoundedText ? last.text : undefined;
  const text = open ?? new BoundedText();
  text.add(part.content);
  if (open === undefined && pieces.length < MAX_PARTS) pieces.push({ type: part.type, text });
}

function whole(piece: Candidate["pieces"][number]): Part {
  return "text" in piece && piece.text instanceof BoundedText
    ? { type: piece.type, content: String(piece.text) }
    : (piece as Part);
}

/** The API counts thoughts apart from the answer, and what tools returned apart from the prompt. */
function usageOf(usage: Fields): Usage {
  const prompt = numberOf(usage.promptTokenCount);
  const said = numberOf(usage.candidatesTokenCount);
  const reasoning = numberOf(usage.thoughtsTokenCount);
  return {
    input: prompt === undefined ? undefined : prompt + (numberOf(usage.toolUsePromptTokenCount) ?? 0),
    output: said === undefined && reasoning === undefined ? undefined : (said ?? 0) + (reasoning ?? 0),
    cacheRead: numberOf(usage.cachedContentTokenCount),
    reasoning,
  };
}
