import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import type { Library } from "../library.ts";
import { recordRequestError, setRequestAttribute } from "../served-request.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * NestJS 9 to 12 over HTTP. A request is one span, the HTTP server's, whose route is found by the platform below
 * (Express, Fastify); guards, interceptors and handlers have none of their own. `code.function.name` says which
 * method of which controller answers, and exceptions are recorded before a filter makes an answer of them.
 */
export const nestjs: Library = { name: "@nestjs/core", instrumentation: () => new NestInstrumentation() };

class NestInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.nestjs", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    const versions = [">=9 <13"];
    const file = (path: string, className: string, method: string, wrapper: (original: Method) => Method) =>
      new InstrumentationNodeModuleFile(
        `@nestjs/core/${path}.js`,
        versions,
        (exports) => {
          const prototype = exports[className]?.prototype;
          if (typeof prototype?.[method] === "function") prototype[method] = wrapper(prototype[method]);
          return exports;
        },
        () => {},
      );
    return new InstrumentationNodeModuleDefinition("@nestjs/core", versions, undefined, undefined, [
      file("exceptions/exceptions-handler", "ExceptionsHandler", "next", withRecordedError),
      file("router/router-execution-context", "RouterExecutionContext", "create", withFunctionName),
    ]);
  }
}

function withRecordedError(original: Method): Method {
  return function next(exception, ...args) {
    recordRequestError(exceptionOf(exception));
    return original.call(this, exception, ...args);
  };
}

/** Nest's own exceptions tell their status by a method. */
function exceptionOf(exception: unknown): unknown {
  const { getStatus } = (exception ?? {}) as { getStatus?: unknown };
  if (typeof getStatus !== "function") return exception;
  try {
    const status: unknown = getStatus.call(exception);
    return typeof status === "number" && status < 500 ? { status } : exception;
  } catch {
    return exception;
  }
}

function withFunctionName(original: Method): Method {
  return function create(instance, callback, methodName, ...args) {
    const handler = original.call(this, instance, callback, methodName, ...args);
    if (typeof handler !== "function" || typeof methodName !== "string") return handler;
    const className = (instance as object | null)?.constructor?.name;
    const name = className ? `${className}.${methodName}` : methodName;
    const { length } = handler;
    const named = function (this: unknown, ...request: unknown[]) {
      setRequestAttribute("code.function.name", name);
      return handler.apply(this, request);
    };
    return Object.defineProperty(named, "length", { value: length, configurable: true });
  };
}
