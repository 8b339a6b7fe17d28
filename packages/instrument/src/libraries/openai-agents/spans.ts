import { type Context, context, SpanKind, trace } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { fromJson } from "../../genai/message.ts";
import { type ModelCallWatch, watchingModelCalls } from "../../genai/nesting.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { startTool } from "../../genai/tool.ts";
import { replaceMethod } from "../../models/replace-method.ts";
import { type Fields, fields, textOf } from "../../models/value.ts";
import type { ContentLevel } from "../../settings.ts";
import { failWith } from "./failure.ts";
import { recordGeneration } from "./generation.ts";

/** One of the SDK's spans that is open. What only groups others has no span of ours. */
interface Open {
  readonly context: Context;
  readonly operation?: Operation;
  readonly watch?: ModelCallWatch;
  readonly startedAt: Date;
}

/** By the SDK's ids: it makes copies of the objects. */
const spans = new Map<string, Open>();
const traces = new Map<string, Open>();

export function contextOfSpan(span: unknown): Context | undefined {
  return spans.get(String(fields(span).spanId))?.context;
}

export function contextOfTrace(of: unknown): Context | undefined {
  return traces.get(String(fields(of).traceId))?.context;
}

/** A trace is a run of agents that hand over to each other. */
export function traceTraces(Trace: unknown): void {
  replaceMethod(
    Trace,
    "start",
    (start) =>
      function (this: unknown, ...of) {
        attempt("clew.openai_agents", () => startTrace(fields(this)));
        return start.apply(this, of);
      },
  );
  replaceMethod(
    Trace,
    "end",
    (end) =>
      function (this: unknown, ...of) {
        attempt("clew.openai_agents", () => {
          const id = String(fields(this).traceId);
          traces.get(id)?.operation?.end();
          traces.delete(id);
        });
        return end.apply(this, of);
      },
  );
}

export function traceSpans(Span: unknown, level: ContentLevel): void {
  replaceMethod(
    Span,
    "start",
    (start) =>
      function (this: unknown, ...of) {
        attempt("clew.openai_agents", () => startSpan(fields(this), level));
        return start.apply(this, of);
      },
  );
  replaceMethod(
    Span,
    "end",
    (end) =>
      function (this: unknown, ...of) {
        attempt("clew.openai_agents", () => endSpan(fields(this), level));
        return end.apply(this, of);
      },
  );
}

function tracer() {
  return trace.getTracer("clew.openai_agents");
}

function startTrace({ traceId, name, groupId }: Fields): void {
  if (typeof traceId !== "string" || traces.has(traceId)) return;
  // What the SDK calls a run that nobody gave a name.
  const title = name === "Agent workflow" ? undefined : textOf(name);
  const operation = startOperation(tracer(), "off", {
    operation: "invoke_workflow",
    target: title,
    kind: SpanKind.INTERNAL,
    attributes: { "gen_ai.workflow.name": title, "gen_ai.conversation.id": textOf(groupId) },
  });
  traces.set(traceId, { operation, context: operation.context, startedAt: new Date() });
}

function startSpan(span: Fields, level: ContentLevel): void {
  const { spanId, parentId, traceId, startedAt } = span;
  if (typeof spanId !== "string" || startedAt !== null || spans.has(spanId)) return;
  const parent =
    spans.get(String(parentId))?.context ?? traces.get(String(traceId))?.context ?? context.active();
  const data = fields(span.spanData);
  const base = { startedAt: new Date() };
  if (data.type === "generation" || data.type === "response") {
    const watch = { wasCalled: false };
    spans.set(spanId, { ...base, watch, context: watchingModelCalls(parent, watch) });
    return;
  }
  const operation = context.with(parent, () => start(data, level));
  spans.set(spanId, {
    ...base,
    context: operation?.context ?? parent,
    ...(operation === undefined ? {} : { operation }),
  });
}

function start(data: Fields, level: ContentLevel): Operation | undefined {
  const name = textOf(data.name);
  const begin = (operation: string, target = name, attributes: Record<string, string | undefined> = {}) =>
    startOperation(tracer(), level, { operation, target, kind: SpanKind.INTERNAL, attributes });
  switch (data.type) {
    case "agent":
      return begin("invoke_agent", name, { "gen_ai.agent.name": name });
    case "function":
      return startTool(tracer(), level, { name: name ?? "", arguments: argumentsOf(data) });
    case "handoff":
      return begin("handoff", textOf(data.to_agent));
    case "guardrail":
      return begin("guardrail");
    case "custom":
      return begin("chain");
    default:
      return undefined;
  }
}

function argumentsOf({ input }: Fields): unknown {
  return textOf(input) === undefined ? undefined : fromJson(input);
}

function endSpan(span: Fields, level: ContentLevel): void {
  const id = String(span.spanId);
  const open = spans.get(id);
  if (open === undefined || span.endedAt !== null) return;
  spans.delete(id);
  const data = fields(span.spanData);
  const { operation } = open;
  if (operation === undefined) {
    // A model that no traced SDK asked: its call has no span yet.
    if (data.type === "generation" && open.watch?.wasCalled === false) {
      recordGeneration(tracer(), level, data, span.error, open);
    }
    return;
  }
  if (data.type === "function") recordTool(operation, data);
  if (data.type === "handoff") recordHandoff(operation, data);
  if (data.type === "guardrail")
    operation.set({ "openai.agents.guardrail.triggered": data.triggered === true });
  if (span.error === null) operation.end();
  else failWith(operation, span.error);
}

function recordTool(tool: Operation, data: Fields): void {
  tool.content("gen_ai.tool.call.arguments", () => argumentsOf(data));
  tool.content("gen_ai.tool.call.result", () =>
    textOf(data.output) === undefined ? data.output : fromJson(data.output),
  );
}

/** To whom it goes is known at the end only. */
function recordHandoff(operation: Operation, data: Fields): void {
  const from = textOf(data.from_agent);
  const to = textOf(data.to_agent);
  if (to !== undefined) operation.span.updateName(`handoff ${to}`);
  operation.set({ "openai.agents.handoff.from": from, "openai.agents.handoff.to": to });
}
