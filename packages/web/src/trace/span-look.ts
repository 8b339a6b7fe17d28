import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { IconName } from "../elements/icon.tsx";

/** How a kind of span is told from others: by icon, by colour and in words. */
export interface SpanLook {
  readonly icon: IconName;
  /** Name of the token that holds its colour. */
  readonly color: "agent" | "llm" | "tool" | "data" | "flow" | "plain";
  readonly word: string;
}

const TYPES: Readonly<Record<string, SpanLook>> = {
  agent: { icon: "agent", color: "agent", word: "agent" },
  llm: { icon: "llm", color: "llm", word: "model" },
  embedding: { icon: "embedding", color: "llm", word: "embedding" },
  reranker: { icon: "reranker", color: "llm", word: "reranker" },
  tool: { icon: "tool", color: "tool", word: "tool" },
  retriever: { icon: "retriever", color: "data", word: "retriever" },
  memory: { icon: "memory", color: "data", word: "memory" },
  workflow: { icon: "workflow", color: "flow", word: "workflow" },
  chain: { icon: "workflow", color: "flow", word: "chain" },
  guardrail: { icon: "guardrail", color: "flow", word: "guardrail" },
  evaluator: { icon: "evaluator", color: "flow", word: "evaluator" },
  prompt: { icon: "prompt", color: "flow", word: "prompt" },
};

const INTERNAL: SpanLook = { icon: "internal", color: "plain", word: "internal" };

/** By OTLP's number of the span kind. */
const KINDS: readonly SpanLook[] = [
  INTERNAL,
  INTERNAL,
  { icon: "server", color: "plain", word: "server" },
  { icon: "client", color: "plain", word: "client" },
  { icon: "producer", color: "plain", word: "producer" },
  { icon: "consumer", color: "plain", word: "consumer" },
];

export function lookOf(type: string, kind: number): SpanLook {
  return (Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? KINDS[kind] ?? INTERNAL;
}

export function lookOfSpan(trace: TraceColumns, span: number): SpanLook {
  return lookOf(trace.dict.type[trace.type[span] ?? 0] ?? "", trace.kind[span] ?? 0);
}
