import type { GenAiSpan } from "./message.ts";
import { toolResult } from "./parts.ts";
import { Attributes, isRecord, parsed } from "./plain-value.ts";
import { entity } from "./translators/traceloop.ts";

/** One execution of a tool. */
export interface ToolCall {
  readonly name: string;
  /** Id the model gave the call; empty when unknown. */
  readonly id: string;
  /** Parsed where it was JSON text; undefined when not recorded. */
  readonly arguments: unknown;
  /** Parsed where it was JSON text; undefined when not recorded. */
  readonly result: unknown;
}

/** Keys that hold arguments or results of tools and nothing else. */
const ARGUMENTS = [
  "gen_ai.tool.call.arguments",
  "ai.toolCall.args",
  "tool_arguments",
  "gcp.vertex.agent.tool_call_args",
  "mcp.request.argument",
  "tool.parameters",
] as const;
const RESULTS = [
  "gen_ai.tool.call.result",
  "anthropic.tool_result.content",
  "ai.toolCall.result",
  "tool_response",
  "gcp.vertex.agent.tool_response",
  "mcp.response.value",
  "lk.function_tool.output",
] as const;

/** Keys that hold what went in and came out of any span, by the emitter's way of calling a span a tool. */
const PAYLOADS: readonly (readonly [kind: string, tool: RegExp, input: string, output: string])[] = [
  ["openinference.span.kind", /^TOOL$/i, "input.value", "output.value"],
  ["traceloop.span.kind", /^tool$/, "traceloop.entity.input", "traceloop.entity.output"],
  ["langfuse.observation.type", /^tool$/, "langfuse.observation.input", "langfuse.observation.output"],
  ["langsmith.span.kind", /^tool$/, "gen_ai.prompt", "gen_ai.completion"],
  ["mlflow.spanType", /^"?TOOL"?$/, "mlflow.spanInputs", "mlflow.spanOutputs"],
  ["lmnr.span.type", /^TOOL$/, "lmnr.span.input", "lmnr.span.output"],
  ["genkit:metadata:subtype", /^tool(\.v2)?$/, "genkit:input", "genkit:output"],
  ["span.type", /^(claude_code\.)?tool$/, "tool_input", "new_context"],
];

/** The tool call a span stands for; undefined when it stands for none. */
export function toolCallOf(span: GenAiSpan): ToolCall | undefined {
  const attributes = new Attributes(span.attributes);
  const payload = isLogfireFunction(span)
    ? (["", /^/, "input", "output"] as const)
    : PAYLOADS.find(([kind, tool]) => tool.test(attributes.text(kind)));
  const stated = attributes.text("gen_ai.tool.name", "ai.toolCall.name", "tool.name", "tool_name");
  const isTool =
    payload !== undefined ||
    attributes.text("gen_ai.operation.name") === "execute_tool" ||
    attributes.text("ai.operationId") === "ai.toolCall" ||
    attributes.has("gen_ai.tool.call.id") ||
    stated !== "";
  if (!isTool) return undefined;
  const keys = isLogfireFunction(span) ? ["name"] : ["traceloop.entity.name", "langsmith.trace.name"];
  const name = stated || attributes.text(...keys) || fromSpanName(span.name ?? "");
  return {
    name,
    id: attributes.text("gen_ai.tool.call.id", "ai.toolCall.id", "tool.id", "tool_call_id"),
    arguments: known(attributes, ARGUMENTS) ?? entity(parsed(given(attributes, payload?.[2]))),
    result: toolResult(
      known(attributes, RESULTS) ?? entity(parsed(given(attributes, payload?.[3]) ?? eventOutput(span))),
    ),
  };
}

/** OpenAI Agents under Logfire: plain attribute names, and a template for the span's name. */
function isLogfireFunction(span: GenAiSpan): boolean {
  return (span.scopeName ?? "").startsWith("logfire") && (span.name ?? "").startsWith("Function:");
}

function fromSpanName(name: string): string {
  return name.replace(/^(execute_tool|tools\/call|running tool:?|Function:) /, "");
}

/** Empty maps are placeholders with some emitters, and count only when nothing better is found. */
function known(attributes: Attributes, keys: readonly string[]): unknown {
  let placeholder: unknown;
  for (const key of keys) {
    const value = attributes.json(key);
    if (value === undefined || value === "") continue;
    if (!isRecord(value) || Object.keys(value).length > 0) return value;
    placeholder ??= value;
  }
  return placeholder;
}

function given(attributes: Attributes, key: string | undefined): unknown {
  const value = key === undefined ? undefined : attributes.get(key);
  return value === "" || value === "<REDACTED>" ? undefined : value;
}

/** Claude Code reports what a tool returned as a span event. */
function eventOutput(span: GenAiSpan): unknown {
  const event = span.events?.find(({ name }) => name === "tool.output");
  return event === undefined
    ? undefined
    : new Attributes(event.attributes).first("output", "content", "diff");
}
