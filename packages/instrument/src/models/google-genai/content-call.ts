import type { Attributes, Tracer } from "@opentelemetry/api";
import type { Part } from "../../genai/message.ts";
import type { StreamReader } from "../../genai/observe-stream.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { serverAttributes } from "../../genai/server-address.ts";
import type { ContentLevel } from "../../settings.ts";
import { type Fields, fields, listOf, numberOf, textOf } from "../value.ts";
import { contentPart, contentsMessages, instructionParts, toolDefinitions } from "./contents.ts";

/** Starts the span of one request for content. */
export function startContent(
  tracer: Tracer,
  level: ContentLevel,
  client: unknown,
  params: unknown,
  isStream: boolean,
): Operation {
  const { model, contents, config } = fields(params);
  const settings = fields(config);
  const stops = listOf(settings.stopSequences).filter((text) => typeof text === "string") as string[];
  const candidates = numberOf(settings.candidateCount);
  const name = modelName(model);
  const operation = startOperation(tracer, level, {
    operation: "generate_content",
    target: name,
    attributes: {
      ...providerAttributes(client),
      "gen_ai.request.model": name,
      "gen_ai.request.stream": isStream ? true : undefined,
      "gen_ai.request.temperature": numberOf(settings.temperature),
      "gen_ai.request.top_p": numberOf(settings.topP),
      "gen_ai.request.top_k": numberOf(settings.topK),
      "gen_ai.request.max_tokens": numberOf(settings.maxOutputTokens),
      "gen_ai.request.frequency_penalty": numberOf(settings.frequencyPenalty),
      "gen_ai.request.presence_penalty": numberOf(settings.presencePenalty),
      "gen_ai.request.seed": numberOf(settings.seed),
      "gen_ai.request.choice.count": candidates === 1 ? undefined : candidates,
      "gen_ai.request.stop_sequences": stops.length === 0 ? undefined : stops,
      "gen_ai.request.reasoning.level": textOf(fields(settings.thinkingConfig).thinkingLevel)?.toLowerCase(),
      "gen_ai.output.type": outputType(settings),
    },
  });
  operation.content("gen_ai.system_instructions", () => instructionParts(settings.systemInstruction));
  operation.content("gen_ai.input.messages", () => contentsMessages(contents));
  operation.content("gen_ai.tool.definitions", () => toolDefinitions(settings.tools));
  return operation;
}

/** The API's and Vertex's names of a model begin with where it is found. */
export function modelName(model: unknown): string | undefined {
  return textOf(model)?.replace(/^.*\//, "");
}

/** `gcp.gemini` or `gcp.vertex_ai`, and the server of the SDK's client. */
export function providerAttributes(client: unknown): Attributes {
  const api = client as { isVertexAI?(): unknown; getBaseUrl?(): unknown };
  return {
    "gen_ai.provider.name": api.isVertexAI?.() === true ? "gcp.vertex_ai" : "gcp.gemini",
    ...serverAttributes(api.getBaseUrl?.()),
  };
}

function outputType({ responseMimeType, responseModalities }: Fields): string | undefined {
  if (responseMimeType === "application/json") return "json";
  if (responseMimeType === "text/plain") return "text";
  const modality = textOf(listOf(responseModalities)[0])?.toLowerCase();
  return modality === "audio" ? "speech" : modality;
}

/** Records a whole answer. */
export function recordContent(operation: Operation, answer: unknown): void {
  const reader = contentReader(operation);
  reader.item(answer);
  reader.finish();
}

interface Candidate {
  reason: string | undefined;
  readonly parts: Part[];
}

/** Puts the pieces of an answer together; what they say is kept only where it is recorded. */
export function contentReader(operation: Operation): StreamReader {
  const candidates: Candidate[] = [];
  return {
    item(value) {
      const { responseId, modelVersion, usageMetadata, promptFeedback, candidates: given } = fields(value);
      operation.set({
        "gen_ai.response.id": textOf(responseId),
        "gen_ai.response.model": textOf(modelVersion),
      });
      if (usageMetadata) recordUsage(operation, fields(usageMetadata));
      const blocked = textOf(fields(promptFeedback).blockReason);
      if (blocked !== undefined) candidateAt(candidates, 0).reason = blocked;
      for (const piece of listOf(given)) {
        const { index, finishReason, content } = fields(piece);
        const candidate = candidateAt(candidates, numberOf(index) ?? 0);
        candidate.reason = textOf(finishReason) ?? candidate.reason;
        if (operation.level !== "off")
          for (const part of listOf(fields(content).parts)) add(candidate.parts, part);
      }
    },
    finish() {
      const known = candidates.filter(Boolean);
      const reasons = known.flatMap(({ reason }) => (reason === undefined ? [] : [reason.toLowerCase()]));
      if (reasons.length > 0) operation.set({ "gen_ai.response.finish_reasons": reasons });
      operation.content("gen_ai.output.messages", () =>
        known.map(({ parts, reason }) => ({
          role: "assistant",
          parts,
          finish_reason: reason?.toLowerCase(),
        })),
      );
    },
  };
}

/** Nobody asks for more candidates; a wrong index must not make a huge list. */
const MAX_INDEX = 127;

function candidateAt(candidates: Candidate[], index: number): Candidate {
  const at = Math.min(Math.max(index, 0), MAX_INDEX);
  candidates[at] ??= { reason: undefined, parts: [] };
  return candidates[at];
}

/** Text comes in pieces, anything else whole. */
function add(parts: Part[], piece: unknown): void {
  const part = contentPart(piece);
  const last = parts.at(-1);
  const isText = part.type === "text" || part.type === "reasoning";
  if (isText && last?.type === part.type) {
    const content = `${fields(last).content}${fields(part).content}`;
    parts[parts.length - 1] = { type: part.type, content };
  } else parts.push(part);
}

/** The API counts thoughts apart from the answer, and what tools returned apart from the prompt. */
function recordUsage(operation: Operation, usage: Fields): void {
  const prompt = numberOf(usage.promptTokenCount);
  const said = numberOf(usage.candidatesTokenCount);
  const reasoning = numberOf(usage.thoughtsTokenCount);
  operation.usage({
    input: prompt === undefined ? undefined : prompt + (numberOf(usage.toolUsePromptTokenCount) ?? 0),
    output: said === undefined && reasoning === undefined ? undefined : (said ?? 0) + (reasoning ?? 0),
    cacheRead: numberOf(usage.cachedContentTokenCount),
    reasoning,
  });
}
