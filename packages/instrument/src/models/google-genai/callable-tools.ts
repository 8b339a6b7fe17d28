import type { Tracer } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import type { Operation } from "../../genai/operation.ts";
import { startTool } from "../../genai/tool.ts";
import type { ContentLevel } from "../../settings.ts";
import { fields, listOf, textOf } from "../value.ts";

type Method = (this: unknown, ...of: unknown[]) => unknown;

interface CallableTool {
  tool: Method;
  callTool: Method;
}

/** Whether the SDK will call functions by itself and ask the model again. */
export function callsFunctions(params: unknown): boolean {
  const { tools, automaticFunctionCalling } = fields(fields(params).config);
  const { disable, maximumRemoteCalls } = fields(automaticFunctionCalling);
  return !disable && maximumRemoteCalls !== 0 && listOf(tools).some(isCallable);
}

/** The same parameters with tools that are traced. What the SDK writes to them is written to the caller's own. */
export function withTracedTools(tracer: Tracer, level: ContentLevel, params: unknown): object {
  const { config } = fields(params);
  const tools = listOf(fields(config).tools).map((tool) =>
    isCallable(tool) ? traced(tracer, level, tool) : tool,
  );
  return seenWith(params as object, "config", seenWith(config as object, "tools", tools));
}

function isCallable(tool: unknown): tool is CallableTool {
  return typeof fields(tool).callTool === "function" && typeof fields(tool).tool === "function";
}

/** The object as it is, only that one of its properties is read as something else. */
function seenWith(object: object, key: string, value: unknown): object {
  // A proxy may not say anything else of a property that can never change, and nothing can be written to that.
  const own = Object.getOwnPropertyDescriptor(object, key);
  if (own?.configurable === false) return { ...object, [key]: value };
  return new Proxy(object, { get: (of, name) => (name === key ? value : Reflect.get(of, name)) });
}

function traced(tracer: Tracer, level: ContentLevel, tool: CallableTool): unknown {
  /** Names that the tool answers to; every tool is given the calls of all. */
  let declared: ReadonlySet<unknown> | undefined;
  const ask: Method = async (...of) => {
    const answer = await tool.tool(...of);
    attempt("google-genai", () => {
      declared = new Set(listOf(fields(answer).functionDeclarations).map((each) => fields(each).name));
    });
    return answer;
  };
  const call: Method = async (given, ...of) => {
    const operations = attempt("google-genai", () =>
      listOf(given)
        .map(fields)
        .filter(({ name }) => declared === undefined || declared.has(name))
        .map(({ id, name, args }) =>
          startTool(tracer, level, { name: textOf(name) ?? "", id: textOf(id), arguments: args }),
        ),
    );
    return runTogether(operations ?? [], () => tool.callTool(given, ...of));
  };
  // What the tool keeps in private fields is found on itself only.
  return Object.create(tool, { tool: { value: ask }, callTool: { value: call } });
}

/** Calls that one function answers: what it does belongs to the call where there is one only. */
async function runTogether(operations: readonly Operation[], call: () => unknown): Promise<unknown> {
  const [only, ...others] = operations;
  try {
    const answer = await (only !== undefined && others.length === 0 ? only.run(call) : call());
    const responses = listOf(answer).map((part) => fields(fields(part).functionResponse));
    for (const [index, operation] of operations.entries()) {
      operation.content("gen_ai.tool.call.result", () => responses[index]?.response);
      operation.end();
    }
    return answer;
  } catch (error) {
    for (const operation of operations) operation.fail(error);
    throw error;
  }
}
