import type { InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { ExpressInstrumentation, ExpressLayerType } from "@opentelemetry/instrumentation-express";
import type { Library } from "../library.ts";
import { recordRequestError } from "../served-request.ts";

type Next = (error?: unknown) => void;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Of the module: in version 4 a router's methods lie on `Router` itself, in version 5 on its prototype. */
interface Express {
  Router: (() => { stack: unknown[]; use(handler: () => void): unknown }) & Record<string, unknown>;
}

/**
 * Express 4 and 5. A request is one span, the HTTP server's, named by its route; middleware and handlers have
 * none of their own. What they throw is recorded on it, whether an error handler takes it or nobody does.
 */
export const express: Library = {
  name: "express",
  instrumentation: () => new RouteInstrumentation({ ignoreLayersType: Object.values(ExpressLayerType) }),
};

/** OpenTelemetry's own finds routes; errors it sees on spans of layers only. */
class RouteInstrumentation extends ExpressInstrumentation {
  override init(): InstrumentationNodeModuleDefinition[] {
    const definitions = super.init();
    for (const definition of definitions) {
      const patch = definition.patch;
      definition.patch = (exports: Express, version?: string) => {
        const patched = patch?.(exports, version);
        if (!SEEN.has(exports.Router)) watchErrors(exports.Router);
        SEEN.add(exports.Router);
        return patched;
      };
    }
    return definitions;
  }
}

/** Routers: an ES module and a CommonJS one can load the same. */
const SEEN = new WeakSet<object>();

function watchErrors(Router: Express["Router"]): void {
  const prototype = Router.prototype as Record<string, unknown> | undefined;
  const owner = typeof prototype?.handle === "function" ? prototype : Router;
  wrap(
    owner,
    "handle",
    (original) =>
      function handle(request, response, next) {
        return original.call(
          this,
          request,
          response,
          typeof next === "function" ? watched(next as Next) : next,
        );
      },
  );
  const probe = Router();
  probe.use(() => {});
  const layer = Object.getPrototypeOf(probe.stack[0]) as Record<string, unknown>;
  for (const name of ["handleError", "handle_error"]) {
    wrap(
      layer,
      name,
      (original) =>
        function handleError(error, ...args) {
          recordRequestError(error);
          return original.call(this, error, ...args);
        },
    );
  }
}

function watched(next: Next): Next {
  return (error) => {
    if (error !== undefined && error !== null && error !== "router" && error !== "route")
      recordRequestError(error);
    return next(error);
  };
}

function wrap(owner: Record<string, unknown>, name: string, wrapper: (original: Method) => Method): void {
  const original = owner[name];
  if (typeof original === "function") owner[name] = wrapper(original as Method);
}
