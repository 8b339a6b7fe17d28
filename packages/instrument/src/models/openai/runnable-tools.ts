import type { Tracer } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { fromJson } from "../../genai/message.ts";
import { runTool } from "../../genai/tool.ts";
import type { ContentLevel } from "../../settings.ts";
import { fields, listOf, textOf } from "../value.ts";

type Callback = (this: unknown, ...of: unknown[]) => unknown;

/** The body of `runTools` with functions that are traced; the caller's own objects stay as they are. */
export function withTracedTools(tracer: Tracer, level: ContentLevel, body: unknown): unknown {
  const { tools } = fields(body);
  if (!Array.isArray(tools)) return body;
  return {
    ...fields(body),
    tools: tools.map((tool) => attempt("openai", () => traced(tracer, level, tool)) ?? tool),
  };
}

function traced(tracer: Tracer, level: ContentLevel, tool: unknown): unknown {
  const { function: described, $callback } = fields(tool);
  const { function: own, name, description } = fields(described);
  const toolName = textOf(name) ?? (own as { name?: string } | undefined)?.name ?? "";
  const wrap = (callback: Callback): Callback => {
    const wrapper: Callback = function (this: unknown, ...of) {
      const [given, runner] = of;
      const start = attempt("openai", () => ({
        name: toolName,
        id: callId(runner, toolName),
        description: textOf(description),
        arguments: fromJson(given),
      }));
      const call = () => callback.apply(this, of);
      return start === undefined ? call() : runTool(tracer, level, start, call);
    };
    return Object.defineProperties(wrapper, {
      name: { value: callback.name, configurable: true },
      length: { value: callback.length, configurable: true },
    });
  };
  // What `zodFunction` makes keeps its function in a property that cannot be seen.
  if (typeof $callback === "function") return changed(tool, "$callback", wrap($callback as Callback));
  if (typeof own !== "function") return tool;
  return changed(tool, "function", changed(described, "function", wrap(own as Callback)));
}

/** A copy of an object with one property replaced; hidden properties and the prototype are copied too. */
function changed(of: unknown, key: string, value: unknown): object {
  const descriptors = Object.getOwnPropertyDescriptors(of as object) as Record<string, PropertyDescriptor>;
  descriptors[key] = { ...descriptors[key], value, writable: true };
  delete descriptors[key].get;
  delete descriptors[key].set;
  return Object.create(Object.getPrototypeOf(of), descriptors) as object;
}

/** The id of the call that is being executed: the first call of this tool that has no result yet. */
function callId(runner: unknown, name: string): string | undefined {
  const messages = listOf(fields(runner).messages).map(fields);
  const last = messages.findLastIndex(({ tool_calls }) => listOf(tool_calls).length > 0);
  if (last < 0) return undefined;
  const answered = new Set(messages.slice(last + 1).map(({ tool_call_id }) => tool_call_id));
  for (const call of listOf(messages[last]?.tool_calls)) {
    const { id, function: called } = fields(call);
    if (fields(called).name === name && !answered.has(id)) return textOf(id);
  }
  return undefined;
}
