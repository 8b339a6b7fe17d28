import { context } from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { countFault } from "../fault.ts";
import type { Library } from "../library.ts";
import { recordRequestError, setRoute } from "../served-request.ts";

/** What a request is in koa; routers (`@koa/router`, `koa-router`) put the matched route there. */
interface KoaContext {
  readonly _matchedRoute?: string | RegExp;
}

interface Application {
  handleRequest(ctx: KoaContext, middleware: (ctx: KoaContext) => Promise<unknown>): unknown;
  emit(event: string | symbol, ...args: unknown[]): boolean;
}

type Constructor = { readonly prototype: Application };

/**
 * Koa 2 and 3. A request is one span, the HTTP server's, named by the route that a router matched; middleware
 * has none of its own. Errors that reach the application's `error` event are recorded on it.
 */
export const koa: Library = { name: "koa", instrumentation: () => new KoaInstrumentation() };

class KoaInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.koa", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition("koa", [">=2 <4"], (exports) => {
      const Koa: Constructor | undefined = exports?.default ?? exports;
      if (Koa?.prototype?.handleRequest !== undefined) patch(Koa.prototype);
      return exports;
    });
  }
}

const PATCHED = new WeakSet<Application>();

function patch(prototype: Application): void {
  if (PATCHED.has(prototype)) return;
  PATCHED.add(prototype);
  /** The context of a request: a stream that fails later tells so in another. */
  const contexts = new WeakMap<object, ReturnType<typeof context.active>>();
  const { handleRequest, emit } = prototype;

  prototype.handleRequest = function (ctx, middleware) {
    contexts.set(ctx, context.active());
    return handleRequest.call(this, ctx, (inner) => {
      const result = middleware(inner);
      const done = () => setMatchedRoute(ctx);
      result.then(done, done);
      return result;
    });
  };

  prototype.emit = function (event, ...args) {
    if (event === "error") {
      const [error, ctx] = args;
      const active = (typeof ctx === "object" && ctx !== null && contexts.get(ctx)) || context.active();
      context.with(active, recordRequestError, undefined, error);
    }
    return emit.call(this, event, ...args);
  };
}

function setMatchedRoute(ctx: KoaContext): void {
  try {
    const route = ctx._matchedRoute;
    if (route !== undefined) setRoute(String(route));
  } catch (error) {
    countFault("koa", error);
  }
}
