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
import { OpenSpans } from "./open-spans.ts";

/** One of the SDK's spans that is open. What only groups others has no span of ours. */
interface Open {
  readonly context: Context;
  readonly operation?: Operation;
  readonly watch?: ModelCallWatch;
  readonly startedAt: Date;
}

const MAX_DEPTH = 20;

const spans = new OpenSpans<Open>();
const traces = new OpenSpans<Open>();

/** The context of the nearest open span, from this one outwards. */
export function contextOfSpan(span: unknown): Context | undefined {
  let at = fields(span);
  for (let depth = 0; depth < MAX_DEPTH && at.spanId !== undefined; depth++) {
    const open = spans.get(at, "spanId");
    if (open !== undefined) return open.context;
    at = fields(at.previousSpan);
  }
  return undefined;
}

export function contextOfTrace(of: unknown): Context | undefined {
  return traces.get(fields(of), "traceId")?.context;
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
          traces.take(fields(this), "traceId")?.operation?.end();
        });
        return end.apply(this, of);
      },
  );
}

const statedParents = new WeakMap<object, unknown>();

/** Remembers which parent a span was made for. */
export function followParents(TraceProvider: unknown): void {
  replaceMethod(
    TraceProvider,
    "createSpan",
    (create) =>
      function (this: unknown, options, parent, ...of) {
        const span = create.call(this, options, parent, ...of);
        if (parent !== undefined && parent !== null) statedParents.set(fields(span), parent);
        return span;
      },
  );
}

/** A copy of a span or trace without an id of its own stands for the same one. */
export function followCopies(of: unknown): void {
  replaceMethod(
    of,
    "clone",
    (clone) =>
      function (this: unknown, ...of) {
        const copy = clone.apply(this, of);
        attempt("clew.openai_agents", () => {
          spans.copy(fields(this), fields(copy));
          traces.copy(fields(this), fields(copy));
        });
        return copy;
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

function startTrace(of: Fields): void {
  const { name, groupId } = of;
  if (traces.get(of, "traceId") !== undefined) return;
  // What the SDK calls a run that nobody gave a name.
  const title = name === "Agent workflow" ? undefined : textOf(name);
  const operation = startOperation(tracer(), "off", {
    operation: "invoke_workflow",
    target: title,
    kind: SpanKind.INTERNAL,
    attributes: { "gen_ai.workflow.name": title, "gen_ai.conversation.id": textOf(groupId) },
  });
  traces.set(of, "traceId", { operation, context: operation.context, startedAt: new Date() });
}

function startSpan(span: Fields, level: ContentLevel): void {
  const { parentId, startedAt } = span;
  if (startedAt !== null || spans.get(span, "spanId") !== undefined) return;
  const parent =
    spans.get({ spanId: parentId }, "spanId")?.context ??
    // A span that the SDK does not export has no id of its parent.
    contextOfSpan(statedParents.get(span)) ??
    contextOfSpan(span.previousSpan) ??
    traces.get(span, "traceId")?.context ??
    context.active();
  const data = fields(span.spanData);
  const base = { startedAt: new Date() };
  if (data.type === "generation" || data.type === "response") {
    const watch = { wasCalled: false };
    spans.set(span, "spanId", { ...base, watch, context: watchingModelCalls(parent, watch) });
    return;
  }
  const operation = context.with(parent, () => start(data, level));
  spans.set(span, "spanId", {
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
  if (span.endedAt !== null) return;
  const open = spans.take(span, "spanId");
  if (open === undefined) return;
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
