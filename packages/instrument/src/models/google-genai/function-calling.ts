import { SpanKind, type Tracer } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { observeStream } from "../../genai/observe-stream.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { runOperation } from "../../genai/run-operation.ts";
import type { ContentLevel } from "../../settings.ts";
import { fields, listOf } from "../value.ts";
import { callsFunctions, withTracedTools } from "./callable-tools.ts";
import { modelName, providerAttributes } from "./content-call.ts";
import { contentsMessages } from "./contents.ts";

type Generate = (this: unknown, params: unknown, ...rest: unknown[]) => unknown;

interface Loop {
  readonly operation: Operation;
  /** Parameters for the SDK. */
  readonly traced: object;
}

/**
 * The SDK's loop of requests and calls of functions is a span `invoke_agent`: the requests are below it, and so is
 * `execute_tool` for each call of a function. What calls no functions goes on as it is.
 */
export function tracedLoop(
  tracer: Tracer,
  level: ContentLevel,
  models: unknown,
  generate: Generate,
): Generate {
  return function (this: unknown, params, ...rest) {
    const loop = attempt("google-genai", () => loopOf(tracer, level, models, params));
    if (loop === undefined) return generate.call(this, params, ...rest);
    return runOperation(
      loop.operation,
      () => generate.call(this, loop.traced, ...rest),
      (answer) => recordAnswer(loop.operation, answer),
    );
  };
}

/** The same for a stream, which makes its requests while it is read. */
export function tracedStreamLoop(
  tracer: Tracer,
  level: ContentLevel,
  models: unknown,
  generate: Generate,
): Generate {
  return async function (this: unknown, params, ...rest) {
    const loop = attempt("google-genai", () => loopOf(tracer, level, models, params));
    if (loop === undefined) return generate.call(this, params, ...rest);
    const { operation } = loop;
    try {
      const stream = await operation.run(() => generate.call(this, loop.traced, ...rest));
      attempt("google-genai", () => {
        readInside(stream as object, operation);
        observeStream(stream as object, operation, { item() {}, finish() {} });
      });
      return stream;
    } catch (error) {
      operation.fail(error);
      throw error;
    }
  };
}

function loopOf(tracer: Tracer, level: ContentLevel, models: unknown, params: unknown): Loop | undefined {
  if (!callsFunctions(params)) return undefined;
  const traced = withTracedTools(tracer, level, params);
  return { traced, operation: startLoop(tracer, level, models, params) };
}

function startLoop(tracer: Tracer, level: ContentLevel, models: unknown, params: unknown): Operation {
  const { model, contents } = fields(params);
  const operation = startOperation(tracer, level, {
    operation: "invoke_agent",
    kind: SpanKind.INTERNAL,
    attributes: {
      ...providerAttributes(fields(models).apiClient),
      "gen_ai.request.model": modelName(model),
    },
  });
  operation.content("gen_ai.input.messages", () => contentsMessages(contents));
  return operation;
}

function recordAnswer(operation: Operation, answer: unknown): void {
  operation.content("gen_ai.output.messages", () =>
    contentsMessages(listOf(fields(answer).candidates).map((candidate) => fields(candidate).content)),
  );
}

/** Has an iterator do its work as a part of the operation, whoever reads it. */
function readInside(iterator: object, operation: Operation): void {
  const methods = iterator as Record<string, unknown>;
  for (const name of ["next", "return", "throw"]) {
    const original = methods[name];
    if (typeof original !== "function") continue;
    const value = (...of: unknown[]) => operation.run(() => original.apply(iterator, of));
    Object.defineProperty(iterator, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
