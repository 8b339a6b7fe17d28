import type { Message, Part } from "@clew/protocol/genai/message";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { Attributes } from "@clew/protocol/genai/plain-value";
import type { Span, TracesData } from "@clew/protocol/otlp/model";
import type { Usage } from "../understand/call.ts";
import type { Finish, SaidAnswer } from "./rebuild/said-answer.ts";

/** One call of a model that a trace tells of. */
export interface TraceCall {
  readonly testCaseId: string | undefined;
  readonly agent: string | undefined;
  /** Instructions first. */
  readonly input: readonly Message[];
  readonly answer: SaidAnswer;
}

export interface TraceCalls {
  /** In the order in which they began. */
  readonly calls: readonly TraceCall[];
  /** Calls whose answer the trace does not tell: it failed, or its content was not recorded. */
  readonly untold: number;
}

interface Node {
  readonly span: Span;
  readonly scopeName: string;
  readonly attributes: Attributes;
  readonly parent: string;
  /** The nearest span above that is one of a model, too. */
  above: Node | undefined;
  isLowest: boolean;
}

const OPERATIONS = new Set(["chat", "text_completion", "generate_content"]);

/**
 * The calls of models in a trace. A call is seen by its agent and by a gateway, and then is two spans, one below the
 * other: it counts once, with the answer that either of them tells.
 */
export function traceCalls(data: TracesData): TraceCalls {
  const nodes = modelNodes(data);
  const told = new Map<Node, TraceCall>();
  const silent: Node[] = [];
  for (const node of nodes) {
    if (!node.isLowest) continue;
    const call = callOf(node);
    if (call === undefined) silent.push(node);
    else told.set(node, call);
  }
  let untold = 0;
  for (const lowest of silent) {
    let teller = lowest.above;
    while (teller !== undefined && !told.has(teller) && callOf(teller) === undefined) teller = teller.above;
    if (teller === undefined) untold += 1;
    else if (!told.has(teller) && !isTold(teller, told)) told.set(teller, callOf(teller) as TraceCall);
  }
  const calls = [...told.values()].sort((a, b) => a.answer.createdMs - b.answer.createdMs);
  return { calls, untold };
}

/** Whether one below has told of this call already, as the last of several tries has. */
function isTold(node: Node, told: ReadonlyMap<Node, TraceCall>): boolean {
  for (const known of told.keys()) {
    for (let at = known.above; at !== undefined; at = at.above) if (at === node) return true;
  }
  return false;
}

function modelNodes(data: TracesData): readonly Node[] {
  const all = new Map<string, { readonly parent: string; node: Node | undefined }>();
  for (const { scopeSpans = [] } of data.resourceSpans ?? []) {
    for (const { scope, spans = [] } of scopeSpans) {
      for (const span of spans) {
        const attributes = new Attributes(span.attributes);
        const parent = span.parentSpanId ?? "";
        const scopeName = scope?.name ?? "";
        const node = isModelCall(attributes)
          ? { span, scopeName, attributes, parent, above: undefined, isLowest: true }
          : undefined;
        all.set(span.spanId ?? "", { parent, node });
      }
    }
  }
  const nodes = [...all.values()].flatMap(({ node }) => node ?? []);
  for (const node of nodes) {
    const seen = new Set<string>();
    for (let id = node.parent; id !== "" && !seen.has(id); id = all.get(id)?.parent ?? "") {
      seen.add(id);
      const found = all.get(id)?.node;
      if (found === undefined || found === node) continue;
      node.above = found;
      found.isLowest = false;
      break;
    }
  }
  return nodes;
}

function isModelCall(attributes: Attributes): boolean {
  const operation = attributes.text("gen_ai.operation.name");
  if (operation !== "") return OPERATIONS.has(operation);
  if (attributes.text("openinference.span.kind") === "LLM") return true;
  if (/\.do(Generate|Stream)$/.test(attributes.text("ai.operationId"))) return true;
  return /^(chat|completion)$/.test(attributes.text("llm.request.type", "traceloop.span.kind"));
}

function callOf({ span, scopeName, attributes }: Node): TraceCall | undefined {
  const { system, input, output } = messagesOf({ ...span, scopeName });
  const parts = output.flatMap((message) => message.parts);
  if (parts.length === 0 || !parts.some(hasContent)) return undefined;
  const startMs = Number(BigInt(span.startTimeUnixNano ?? "0") / 1000n) / 1000;
  const endMs = Number(BigInt(span.endTimeUnixNano ?? "0") / 1000n) / 1000;
  const instructions: readonly Message[] = system.length === 0 ? [] : [{ role: "system", parts: system }];
  return {
    testCaseId: attributes.text("test.case.id") || undefined,
    agent: attributes.text("gen_ai.agent.name", "clew.gateway.caller") || undefined,
    input: [...instructions, ...input],
    answer: {
      id: attributes.text("gen_ai.response.id"),
      model: attributes.text(
        "gen_ai.response.model",
        "gen_ai.request.model",
        "llm.model_name",
        "ai.model.id",
      ),
      parts,
      finish: finishOf(attributes, output, parts),
      usage: usageOf(attributes),
      durationMs: Math.max(0, endMs - startMs),
      createdMs: startMs,
    },
  };
}

/** On content level `metadata` there are parts, but what they say is left out. */
function hasContent(part: Part): boolean {
  if (part.type === "text" || part.type === "reasoning") return part.text !== "";
  if (part.type === "tool_call") return part.name !== "";
  return part.type !== "json" || !isOnlySize(part.value);
}

function isOnlySize(value: unknown): boolean {
  return typeof value === "object" && value !== null && "size" in value && !("content" in value);
}

function finishOf(attributes: Attributes, output: readonly Message[], parts: readonly Part[]): Finish {
  const stated = attributes.json("gen_ai.response.finish_reasons");
  const reason = String([stated].flat()[0] ?? output.at(-1)?.finishReason ?? "").toLowerCase();
  if (/tool|function/.test(reason)) return "tool_calls";
  if (/length|max_/.test(reason)) return "length";
  if (/filter|safety|refus/.test(reason)) return "content_filter";
  return parts.some(({ type }) => type === "tool_call") ? "tool_calls" : "stop";
}

function usageOf(attributes: Attributes): Usage {
  const count = (...keys: string[]): number | undefined => {
    const value = attributes.first(...keys);
    return typeof value === "number" ? value : undefined;
  };
  return {
    input: count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"),
    output: count(
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.token_count.completion",
    ),
    cacheRead: count("gen_ai.usage.cache_read.input_tokens"),
    cacheWrite: count("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
    reasoning: count("gen_ai.usage.reasoning.output_tokens"),
  };
}
