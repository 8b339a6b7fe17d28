import { SLOT, type SlotValues, textAt } from "./slot.ts";
import { unquoted } from "./text.ts";

export type SpanType =
  | ""
  | "llm"
  | "embedding"
  | "retriever"
  | "reranker"
  | "tool"
  | "agent"
  | "workflow"
  | "chain"
  | "guardrail"
  | "evaluator"
  | "prompt"
  | "memory";

/** What emitters call kinds of spans, in lower case. */
const KIND_NAMES: readonly (readonly [name: string, type: SpanType])[] = [
  ["llm", "llm"],
  ["generation", "llm"],
  ["chat_model", "llm"],
  ["model", "llm"],
  ["background-model", "llm"],
  ["llm_request", "llm"],
  ["claude_code.llm_request", "llm"],
  ["embedding", "embedding"],
  ["embedder", "embedding"],
  ["retriever", "retriever"],
  ["retrieval", "retriever"],
  ["reranker", "reranker"],
  ["tool", "tool"],
  ["tool.v2", "tool"],
  ["claude_code.tool", "tool"],
  ["agent", "agent"],
  ["team", "agent"],
  ["interaction", "agent"],
  ["claude_code.interaction", "agent"],
  ["workflow", "workflow"],
  ["flow", "workflow"],
  ["chain", "chain"],
  ["parser", "chain"],
  ["pipeline", "chain"],
  ["guardrail", "guardrail"],
  ["evaluator", "evaluator"],
  ["prompt", "prompt"],
  ["memory", "memory"],
];

/** The same in the spellings that come most: lower case, upper case, and MLflow's upper case in quotes. */
const KINDS: ReadonlyMap<string, SpanType> = new Map(
  KIND_NAMES.flatMap(([name, type]) => {
    const upper = name.toUpperCase();
    return [name, upper, `"${upper}"`].map((spelling) => [spelling, type] as const);
  }),
);

/** Kinds that say only that there is a step: anything more telling goes before. */
const STEPS: ReadonlySet<string> = new Set(["task", "operation", "step"]);

const OPERATIONS: ReadonlyMap<string, SpanType> = new Map<string, SpanType>([
  ["chat", "llm"],
  ["completion", "llm"],
  ["text_completion", "llm"],
  ["chat.completions", "llm"],
  ["text.completions", "llm"],
  ["generate_content", "llm"],
  ["generate", "llm"],
  ["llm_call", "llm"],
  ["image_generation", "llm"],
  ["speech", "llm"],
  ["transcription", "llm"],
  ["embeddings", "embedding"],
  ["embedding", "embedding"],
  ["retrieval", "retriever"],
  ["vector_db_retrieve", "retriever"],
  ["rerank", "reranker"],
  ["execute_tool", "tool"],
  ["tool_call", "tool"],
  ["invoke_agent", "agent"],
  ["create_agent", "agent"],
  ["agent_call", "agent"],
  ["invoke_workflow", "workflow"],
  ["agent_step", "chain"],
  ["plan", "chain"],
  ["handoff", "chain"],
  ["chain", "chain"],
  ["guard", "guardrail"],
  ["guardrail", "guardrail"],
  ["guardrail.run", "guardrail"],
  ["create_memory", "memory"],
  ["update_memory", "memory"],
  ["upsert_memory", "memory"],
  ["search_memory", "memory"],
  ["delete_memory", "memory"],
  ["create_memory_store", "memory"],
  ["delete_memory_store", "memory"],
]);

/** The AI SDK's operations; what has no entry is a step around one of these. */
const AI_OPERATIONS: ReadonlyMap<string, SpanType> = new Map<string, SpanType>([
  ["ai.generateText.doGenerate", "llm"],
  ["ai.streamText.doStream", "llm"],
  ["ai.generateObject.doGenerate", "llm"],
  ["ai.streamObject.doStream", "llm"],
  ["ai.embed.doEmbed", "embedding"],
  ["ai.embedMany.doEmbed", "embedding"],
  ["ai.rerank.doRerank", "reranker"],
  ["ai.toolCall", "tool"],
]);

const REQUESTS: ReadonlyMap<string, SpanType> = new Map<string, SpanType>([
  ["chat", "llm"],
  ["completion", "llm"],
  ["embedding", "embedding"],
  ["rerank", "reranker"],
]);

/** OpenAI Agents under Logfire: the name of the span is a template. */
const LOGFIRE_AGENTS: readonly (readonly [prefix: string, type: SpanType])[] = [
  ["Agent run:", "agent"],
  ["Function:", "tool"],
  ["Guardrail ", "guardrail"],
  ["Handoff:", "chain"],
  ["Task:", "chain"],
  ["Turn ", "chain"],
];

/**
 * The kind of span: what the emitter states, else what the operation, the tool or the model implies. Empty
 * when nothing shows that it is part of an agent's work.
 */
export function spanTypeOf(slots: SlotValues, spanName: string, scopeName: string): SpanType {
  const kind = textAt(slots, SLOT.kind);
  let isStep = false;
  if (kind !== undefined) {
    const usual = KINDS.get(kind);
    if (usual !== undefined) return usual;
    const lower = unquoted(kind).toLowerCase();
    const stated = KINDS.get(lower);
    if (stated !== undefined) return stated;
    isStep = STEPS.has(lower);
  }
  const operation = textAt(slots, SLOT.operation);
  const type = operation === undefined ? undefined : OPERATIONS.get(operation);
  if (type !== undefined) return type;
  // Asks for the answer of an earlier call, which is counted there.
  if (operation === "fetch_response") return "";
  const aiOperation = textAt(slots, SLOT.aiOperation);
  if (aiOperation?.startsWith("ai.")) return aiSdkType(aiOperation);
  const implied = impliedType(slots, spanName, scopeName);
  return implied === "" && isStep ? "chain" : implied;
}

/** The id of the function, which the application chose, may follow after a space. */
function aiSdkType(operation: string): SpanType {
  const space = operation.indexOf(" ");
  return AI_OPERATIONS.get(space < 0 ? operation : operation.slice(0, space)) ?? "chain";
}

function impliedType(slots: SlotValues, spanName: string, scopeName: string): SpanType {
  const request = textAt(slots, SLOT.requestType);
  const requested = request === undefined ? undefined : REQUESTS.get(request);
  if (requested !== undefined) return requested;
  const method = textAt(slots, SLOT.mcpMethod);
  if (method !== undefined)
    return method === "tools/call" ? "tool" : method === "prompts/get" ? "prompt" : "";
  if (slots[SLOT.toolName] !== undefined || slots[SLOT.toolCallId] !== undefined) return "tool";
  if (scopeName.startsWith("logfire")) {
    for (const [prefix, type] of LOGFIRE_AGENTS) if (spanName.startsWith(prefix)) return type;
  }
  if (
    slots[SLOT.agentName] !== undefined &&
    (spanName === "agent run" || spanName.startsWith("invoke_agent"))
  ) {
    return "agent";
  }
  if (slots[SLOT.model] !== undefined || slots[SLOT.requestModel] !== undefined) return "llm";
  const hasTokens = slots[SLOT.inputTokens] !== undefined || slots[SLOT.outputTokens] !== undefined;
  return hasTokens && slots[SLOT.plainModel] !== undefined ? "llm" : "";
}
