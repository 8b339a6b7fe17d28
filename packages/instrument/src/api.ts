/**
 * For those who write spans by hand. Under the preload, or beside an OpenTelemetry SDK, these functions make spans
 * and carry ids; without either they only run what they are given.
 */
import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { GETTER, SETTER } from "./api/carrier.ts";
import { follow } from "./api/follow.ts";
import { attempt } from "./attempt.ts";
import { withCorrelationIds } from "./context/correlation.ts";
import { startOperation } from "./genai/operation.ts";
import { settingsFrom } from "./settings.ts";

/** Ids by the keys they have in baggage and as attributes. Undefined and empty ones are left out. */
export interface CorrelationIds {
  readonly "session.id"?: string | undefined;
  readonly "task.id"?: string | undefined;
  readonly "test.case.id"?: string | undefined;
  readonly "test.case.name"?: string | undefined;
  readonly "test.suite.run.id"?: string | undefined;
  readonly "test.suite.name"?: string | undefined;
  readonly "user.id"?: string | undefined;
  /** Any other key travels along too; it becomes an attribute where `CLEW_CORRELATION_KEYS` names it. */
  readonly [key: string]: string | undefined;
}

/** The span of an agent or a tool while it is open. */
export interface OpenSpan {
  /** Adds an attribute, or replaces it. Undefined values are ignored. */
  set(key: string, value: string | number | boolean | readonly string[] | undefined): void;
}

export interface AgentOptions {
  /** `gen_ai.conversation.id`: the dialogue that this run belongs to. */
  readonly conversationId?: string | undefined;
  readonly description?: string | undefined;
}

export interface ToolOptions {
  /** Recorded like the result: nothing, sizes or everything, by `CLEW_CONTENT`. */
  readonly arguments?: unknown;
  /** The id that the model gave to this call. */
  readonly callId?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * Runs `work` with these ids: every span and log record made in it has them, and so has what it calls in other
 * processes. Ids that hold already stay, unless they are given again.
 */
export function withCorrelation<T>(ids: CorrelationIds, work: () => T): T {
  const given = Object.entries(ids).filter((one): one is [string, string] => typeof one[1] === "string");
  const at = attempt("api", () => withCorrelationIds(context.active(), Object.fromEntries(given)));
  return follow(at ?? context.active(), work, UNOBSERVED) as T;
}

/**
 * Runs `work` as a run of the agent `name`: a span `invoke_agent {name}`, which ends when `work` has returned, when
 * its promise has settled, or when the iterator that it returned has ended. What `work` throws marks the span as
 * failed and is thrown on; an iterator that is left early, and an abort, mark it as cancelled.
 */
export function agent<T>(name: string, work: (span: OpenSpan) => T, options: AgentOptions = {}): T {
  const { conversationId, description } = options;
  return operate("invoke_agent", name, work, {
    attributes: {
      "gen_ai.agent.name": name,
      "gen_ai.conversation.id": conversationId,
      "gen_ai.agent.description": description,
    },
  });
}

/** Runs `work` as a call of the tool `name`: a span `execute_tool {name}`, which ends as that of an agent does. */
export function tool<T>(name: string, work: (span: OpenSpan) => T, options: ToolOptions = {}): T {
  return operate("execute_tool", name, work, {
    attributes: {
      "gen_ai.tool.name": name,
      "gen_ai.tool.call.id": options.callId,
      "gen_ai.tool.description": options.description,
    },
    arguments: options.arguments,
    hasResult: true,
  });
}

/**
 * Writes the headers `traceparent`, `tracestate` and `baggage` of what is going on now into a carrier, and returns
 * that carrier: an object, `Headers`, a `Map`, or anything with `set(name, value)`. It does not know where the
 * carrier goes: that context leaves only for allowed hosts holds for requests that the preload sees.
 */
export function inject<C extends object>(carrier: C): C {
  attempt("api", () => propagation.inject(context.active(), carrier, SETTER));
  return carrier;
}

/**
 * Runs `work` as a part of what wrote these headers. Values may be text, bytes or lists, as brokers give them;
 * without a `traceparent` that counts, `work` runs in the context that it would have run in.
 */
export function extract<T>(carrier: object, work: () => T): T {
  const at = attempt("api", () => propagation.extract(context.active(), carrier, GETTER));
  return follow(at ?? context.active(), work, UNOBSERVED) as T;
}

const LEVEL = settingsFrom(process.env).content;
const UNOBSERVED = { done: () => {}, failed: () => {}, abandoned: () => {} };

interface Start {
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly arguments?: unknown;
  readonly hasResult?: boolean;
}

function operate<T>(name: string, target: string, work: (span: OpenSpan) => T, start: Start): T {
  const operation = attempt("api", () => {
    const attributes = Object.fromEntries(
      Object.entries(start.attributes).filter(([, value]) => value !== undefined),
    );
    const tracer = trace.getTracer("clew.api");
    return startOperation(tracer, LEVEL, { operation: name, target, kind: SpanKind.INTERNAL, attributes });
  });
  if (operation === undefined) return work({ set: () => {} });
  operation.content("gen_ai.tool.call.arguments", () => start.arguments);
  const span: OpenSpan = {
    set: (key, value) => {
      if (value !== undefined)
        operation.set({ [key]: Array.isArray(value) ? [...value] : (value as string) });
    },
  };
  return follow(operation.context, () => work(span), {
    done(value) {
      if (start.hasResult === true) operation.content("gen_ai.tool.call.result", () => value);
      operation.end();
    },
    failed: (error) => operation.fail(error),
    abandoned: () => operation.cancel(),
  }) as T;
}
