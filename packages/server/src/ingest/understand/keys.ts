import { SLOT, type Slot } from "./slot.ts";

export { contentKey } from "./content-keys.ts";

export interface AttributeRule {
  readonly key: string;
  readonly slot: Slot;
  /** Of several keys that fill one slot the lowest rank wins. */
  readonly rank: number;
}

/** Keys of every slot, the most trusted first. */
const KEYS: readonly (readonly [slot: Slot, keys: readonly string[]])[] = [
  [
    SLOT.kind,
    [
      "langfuse.observation.type",
      "openinference.span.kind",
      "langsmith.span.kind",
      "mlflow.spanType",
      "traceloop.span.kind",
      "lmnr.span.type",
      "agentops.span.kind",
      "genkit:metadata:subtype",
      "_ml_obs.meta.span.kind",
      "span.type",
    ],
  ],
  [SLOT.operation, ["gen_ai.operation.name"]],
  [SLOT.aiOperation, ["ai.operationId", "operation.name"]],
  [SLOT.requestType, ["llm.request.type"]],
  [SLOT.mcpMethod, ["mcp.method.name"]],
  [
    SLOT.agentName,
    [
      "gen_ai.agent.name",
      "agent.name",
      "agent_name",
      "langsmith.metadata.lc_agent_name",
      "langsmith.metadata.agent_name",
      "ai.telemetry.metadata.agent",
      "ai.telemetry.metadata.agentName",
      "ai.telemetry.functionId",
    ],
  ],
  [SLOT.agentId, ["gen_ai.agent.id", "agent.id", "agent_id"]],
  [SLOT.entityName, ["traceloop.entity.name"]],
  [SLOT.runName, ["langsmith.trace.name"]],
  [SLOT.plainName, ["name"]],
  [SLOT.toolName, ["gen_ai.tool.name", "ai.toolCall.name", "tool.name", "tool_name"]],
  [SLOT.toolCallId, ["gen_ai.tool.call.id", "ai.toolCall.id"]],
  [
    SLOT.provider,
    [
      "gen_ai.provider.name",
      "langsmith.metadata.ls_provider",
      "gen_ai.system",
      "ai.model.provider",
      "llm.provider",
      "llm.system",
      "mlflow.llm.provider",
      "aisdk.model.provider",
    ],
  ],
  [
    SLOT.model,
    [
      "langfuse.observation.model.name",
      "gen_ai.response.model",
      "ai.response.model",
      "llm.response.model_name",
      "llm.output_model_name",
      "llm.response.model",
      "llm.model_name",
      "embedding.model_name",
      "reranker.model_name",
      "mlflow.llm.model",
    ],
  ],
  [
    SLOT.requestModel,
    [
      "gen_ai.request.model",
      "ai.model.id",
      "llm.request.model_name",
      "llm.input_model_name",
      "llm.request.model",
      "langsmith.metadata.ls_model_name",
      "aisdk.model.id",
      "llm.model",
    ],
  ],
  [SLOT.plainModel, ["model", "model_name", "genkit:name"]],
  [
    SLOT.inputTokens,
    [
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens",
      "llm.token_count.prompt",
      "ai.usage.inputTokens",
      "ai.usage.promptTokens",
      "ai.usage.tokens",
      "llm.usage.prompt_tokens",
      "gen_ai.usage.partial.input_tokens",
      "gen_ai.aggregated_usage.input_tokens",
    ],
  ],
  [
    SLOT.outputTokens,
    [
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.token_count.completion",
      "ai.usage.outputTokens",
      "ai.usage.completionTokens",
      "llm.usage.completion_tokens",
      "gen_ai.usage.partial.output_tokens",
      "gen_ai.aggregated_usage.output_tokens",
    ],
  ],
  [
    SLOT.totalTokens,
    ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"],
  ],
  [
    SLOT.cacheReadTokens,
    [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "llm.token_count.prompt_details.cache_read",
      "ai.usage.inputTokenDetails.cacheReadTokens",
      "ai.usage.cachedInputTokens",
      "gen_ai.usage.details.cache_read_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
      "llm.usage.cached_input_tokens",
      "gen_ai.usage.partial.cache_read.input_tokens",
      "gen_ai.aggregated_usage.cache_read.input_tokens",
    ],
  ],
  [
    SLOT.cacheWriteTokens,
    [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "llm.token_count.prompt_details.cache_write",
      "ai.usage.inputTokenDetails.cacheWriteTokens",
      "gen_ai.usage.details.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
      "llm.usage.cache_creation_tokens",
      "gen_ai.usage.partial.cache_creation.input_tokens",
      "gen_ai.aggregated_usage.cache_creation.input_tokens",
    ],
  ],
  [
    SLOT.reasoningTokens,
    [
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "llm.token_count.completion_details.reasoning",
      "ai.usage.outputTokenDetails.reasoningTokens",
      "ai.usage.reasoningTokens",
      "gen_ai.usage.details.reasoning_tokens",
      "llm.usage.reasoning_tokens",
      "gen_ai.aggregated_usage.details.reasoning_tokens",
    ],
  ],
  [SLOT.inputDetails, ["gen_ai.usage.input_token_details"]],
  [SLOT.outputDetails, ["gen_ai.usage.output_token_details"]],
  [SLOT.langfuseUsage, ["langfuse.observation.usage_details"]],
  [SLOT.mlflowUsage, ["mlflow.chat.tokenUsage"]],
  [SLOT.langsmithUsage, ["langsmith.usage_metadata"]],
  [SLOT.providerMetadata, ["ai.response.providerMetadata"]],
  [SLOT.plainInput, ["input_tokens"]],
  [SLOT.plainOutput, ["output_tokens"]],
  [SLOT.plainCacheRead, ["cache_read_tokens"]],
  [SLOT.plainCacheWrite, ["cache_creation_tokens"]],
  [SLOT.cost, ["gen_ai.usage.cost", "operation.cost", "llm.cost.total", "llm.usage.total_cost_usd"]],
  [SLOT.costDetails, ["langfuse.observation.cost_details", "mlflow.llm.cost"]],
  [
    SLOT.firstTokenSeconds,
    [
      // The first chunk of a stream often says no more than that there is one.
      "gen_ai.server.time_to_first_token",
      "gen_ai.response.time_to_first_chunk",
      "gen_ai.client.inference.time_to_first_chunk",
      "gen_ai.client.operation.time_to_first_chunk",
    ],
  ],
  [
    SLOT.firstTokenMs,
    ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk", "llm.time_to_first_token", "ttft_ms"],
  ],
  [SLOT.firstTokenTime, ["langfuse.observation.completion_start_time"]],
  [SLOT.logfireSpanType, ["logfire.span_type"]],
];

/** Ids that any span, log record or resource can carry. `langsmith.trace.session_id` is a project, no session. */
const COMMON_KEYS: readonly (readonly [slot: Slot, keys: readonly string[]])[] = [
  [SLOT.errorType, ["error.type", "exception.type"]],
  [
    SLOT.sessionId,
    [
      "session.id",
      "langfuse.session.id",
      "traceloop.association.properties.session_id",
      "ai.telemetry.metadata.sessionId",
      "ai.settings.context.sessionId",
      "mlflow.trace.session",
      "langsmith.metadata.session_id",
      "langsmith.metadata.thread_id",
      "lmnr.association.properties.session_id",
      "gcp.vertex.agent.session_id",
      "_dd.p.llmobs_sid",
      "plano.session_id",
    ],
  ],
  [
    SLOT.conversationId,
    [
      "gen_ai.conversation.id",
      "langsmith.metadata.conversation_id",
      "langsmith.metadata.thread_id",
      "traceloop.association.properties.thread_id",
      "traceloop.association.properties.conversation_id",
      "ai.telemetry.metadata.conversationId",
      "ai.telemetry.metadata.threadId",
      "thread_id",
      "conversation.id",
    ],
  ],
  [SLOT.taskId, ["task.id", "a2a.task.id", "gen_ai.task.id"]],
  [
    SLOT.testCaseId,
    [
      "test.case.id",
      "test.case.name",
      "langfuse.experiment.item.id",
      "langsmith.metadata.reference_example_id",
      "langsmith.reference_example_id",
      "mlflow.eval.requestId",
      "mlflow.traceTag.mlflow.eval.requestId",
    ],
  ],
  [SLOT.testRunId, ["test.suite.run.id", "langfuse.experiment.id", "trial.id"]],
  [
    SLOT.userId,
    [
      "user.id",
      "enduser.id",
      "langfuse.user.id",
      "traceloop.association.properties.user_id",
      "ai.telemetry.metadata.userId",
      "mlflow.trace.user",
      "langsmith.metadata.user_id",
      "lmnr.association.properties.user_id",
      "gen_ai.user",
      "llm.user",
    ],
  ],
  [SLOT.running, ["clew.running"]],
];

/** Attributes of spans and log records, and the slots they fill. A key can fill several. */
export const ATTRIBUTE_RULES: readonly AttributeRule[] = [...KEYS, ...COMMON_KEYS].flatMap(([slot, keys]) =>
  keys.map((key, rank) => ({ key, slot, rank })),
);
