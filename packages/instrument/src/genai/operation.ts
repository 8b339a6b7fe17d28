import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { ContentLevel } from "../settings.ts";
import { type ContentKey, contentText } from "./content.ts";
import { errorMessage, errorType, isCancellation, statusOf } from "./failure.ts";
import { noteModelCall } from "./nesting.ts";
import { type Usage, usageAttributes } from "./usage.ts";

/** Set to true on the span of an operation whose caller gave up; its status stays unset. */
const CANCELLED = "clew.cancelled";

export interface OperationStart {
  /** `gen_ai.operation.name`: chat, embeddings, generate_content, invoke_agent, execute_tool... */
  readonly operation: string;
  /** The model, agent or tool that the span's name says after the operation; empty when unknown. */
  readonly target?: string | undefined;
  /** Default CLIENT; INTERNAL for agents and tools that run in this process. */
  readonly kind?: SpanKind | undefined;
  /** Whatever a sampler may want to know; undefined values are left out. */
  readonly attributes?: Attributes;
  /** Default: the active context. */
  readonly parent?: Context | undefined;
}

/** Starts the span of a call of a model, an agent or a tool, by the GenAI conventions. */
export function startOperation(tracer: Tracer, level: ContentLevel, start: OperationStart): Operation {
  const { operation, target = "", kind = SpanKind.CLIENT, parent = context.active() } = start;
  const attributes: Attributes = { "gen_ai.operation.name": operation };
  for (const key in start.attributes) {
    const value = start.attributes[key];
    if (value !== undefined && value !== null) attributes[key] = value;
  }
  const name = target === "" ? operation : `${operation} ${target}`;
  if (kind === SpanKind.CLIENT) noteModelCall(parent);
  return new Operation(tracer.startSpan(name, { kind, attributes }, parent), parent, level);
}

/**
 * An open span of the GenAI conventions. It ends once, by `end`, `fail` or `cancel`; whatever is called after
 * that does nothing. No method throws but `run`, which throws what `call` throws.
 */
export class Operation {
  readonly span: Span;
  /** The context in which the operation itself runs: what it calls becomes its child. */
  readonly context: Context;
  readonly level: ContentLevel;
  readonly #startedAt = performance.now();
  #isOver = false;
  #hasChunk = false;

  constructor(span: Span, parent: Context, level: ContentLevel) {
    this.span = span;
    this.context = trace.setSpan(parent, span);
    this.level = level;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs `call` as a child of this operation and returns what it returns. */
  run<T>(call: () => T): T {
    return context.with(this.context, call);
  }

  /** Sets attributes; undefined values are left out. */
  set(attributes: Attributes): void {
    if (this.#isOver) return;
    attempt("genai", () => {
      for (const key in attributes) {
        const value = attributes[key];
        if (value !== undefined && value !== null) this.span.setAttribute(key, value);
      }
    });
  }

  /**
   * Records messages, instructions, tool definitions, arguments or results as far as the level of content
   * allows. `value` is not called when nothing is recorded.
   */
  content(key: ContentKey, value: () => unknown): void {
    if (this.#isOver || this.level === "off" || !this.span.isRecording()) return;
    attempt("genai", () => {
      const text = contentText(this.level, key, value());
      if (text !== undefined) this.span.setAttribute(key, text);
    });
  }

  usage(usage: Usage): void {
    this.set(usageAttributes(usage));
  }

  /** Call it for every piece of a stream: the first one gives `gen_ai.response.time_to_first_chunk`. */
  chunk(): void {
    if (this.#hasChunk) return;
    this.#hasChunk = true;
    this.set({ "gen_ai.response.time_to_first_chunk": (performance.now() - this.#startedAt) / 1000 });
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    attempt("genai", () => this.span.end());
  }

  /** Ends the span with what went wrong, or as cancelled where the error says that the caller gave up. */
  fail(error: unknown): void {
    if (isCancellation(error)) {
      this.cancel();
      return;
    }
    this.set({ "error.type": errorType(error), "http.response.status_code": statusOf(error) });
    this.#status(errorMessage(error));
    this.end();
  }

  /** Ends the span as failed where there is no error object, e.g. when an answer states a failure. */
  failAs(type: string, message = ""): void {
    this.set({ "error.type": type });
    this.#status(message);
    this.end();
  }

  /** Ends the span of an operation whose caller gave up. */
  cancel(): void {
    this.set({ [CANCELLED]: true });
    this.end();
  }

  #status(message: string): void {
    if (this.#isOver) return;
    attempt("genai", () => this.span.setStatus({ code: SpanStatusCode.ERROR, message }));
  }
}
