/**
 * The raw fields that translators look at, as indexes of the array the encoder fills. Those of the
 * correlation ids, the error type and of running spans come last: a span that fills no other is not an AI span.
 */
export const SLOT = {
  /** Kind of span as an AI emitter states it. */
  kind: 0,
  /** `gen_ai.operation.name`. */
  operation: 1,
  /** The AI SDK's operation, `ai.generateText.doGenerate`. */
  aiOperation: 2,
  requestType: 3,
  mcpMethod: 4,
  agentName: 5,
  agentId: 6,
  /** Name of what Traceloop decorates: a workflow, task, agent or tool. */
  entityName: 7,
  runName: 8,
  /** `name` of OpenAI Agents under Logfire; means something only in that scope. */
  plainName: 9,
  toolName: 10,
  toolCallId: 11,
  provider: 12,
  model: 13,
  requestModel: 14,
  /** `model` and `model_name`: believed only where something else says it is a model call. */
  plainModel: 15,
  inputTokens: 16,
  outputTokens: 17,
  totalTokens: 18,
  cacheReadTokens: 19,
  cacheWriteTokens: 20,
  reasoningTokens: 21,
  inputDetails: 22,
  outputDetails: 23,
  langfuseUsage: 24,
  mlflowUsage: 25,
  langsmithUsage: 26,
  /** The AI SDK's copy of what the provider said beside the answer. */
  providerMetadata: 27,
  /** Claude Code's counts have no prefix. */
  plainInput: 28,
  plainOutput: 29,
  plainCacheRead: 30,
  plainCacheWrite: 31,
  cost: 32,
  costDetails: 33,
  firstTokenSeconds: 34,
  firstTokenMs: 35,
  /** Wall clock of the first token. */
  firstTokenTime: 36,
  logfireSpanType: 37,
  errorType: 38,
  sessionId: 39,
  conversationId: 40,
  taskId: 41,
  testCaseId: 42,
  testRunId: 43,
  userId: 44,
  /** Whether the span was told while it was running. */
  running: 45,
} as const;

export type Slot = (typeof SLOT)[keyof typeof SLOT];

export const SLOT_COUNT = 46;

/** Slots below this one are filled by AI emitters only. */
export const FIRST_COMMON_SLOT = SLOT.errorType;

/** What the slots of a span hold, by slot. An integer may stay a number, for most are counts and need no text. */
export type SlotValues = readonly (string | number | undefined)[];

/** The value of a slot as the attribute's text. */
export function textAt(slots: SlotValues, slot: Slot): string | undefined {
  const value = slots[slot];
  return typeof value === "number" ? String(value) : value;
}
