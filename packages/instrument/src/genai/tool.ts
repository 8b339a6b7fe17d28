import { SpanKind, type Tracer } from "@opentelemetry/api";
import type { ContentLevel } from "../settings.ts";
import { type Operation, startOperation } from "./operation.ts";
import { runOperation } from "./run-operation.ts";

/** One execution of a tool in this process. */
export interface ToolStart {
  readonly name: string;
  /** Id that the model gave the call. */
  readonly id?: string | undefined;
  readonly description?: string | undefined;
  readonly arguments?: unknown;
}

/** Starts the span `execute_tool {name}`; `Operation.content` records its result, or `runTool` does it all. */
export function startTool(tracer: Tracer, level: ContentLevel, tool: ToolStart): Operation {
  const operation = startOperation(tracer, level, {
    operation: "execute_tool",
    target: tool.name,
    kind: SpanKind.INTERNAL,
    attributes: {
      "gen_ai.tool.name": tool.name,
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": tool.id,
      "gen_ai.tool.description": tool.description,
    },
  });
  operation.content("gen_ai.tool.call.arguments", () => tool.arguments);
  return operation;
}

/** Runs a tool inside its span and records what it returns. Returns or throws what `call` does. */
export function runTool<T>(tracer: Tracer, level: ContentLevel, tool: ToolStart, call: () => T): T {
  const operation = startTool(tracer, level, tool);
  return runOperation(operation, call, (result) =>
    operation.content("gen_ai.tool.call.result", () => result),
  );
}
