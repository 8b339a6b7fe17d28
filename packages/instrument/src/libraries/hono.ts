import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { countFault } from "../fault.ts";
import type { Library } from "../library.ts";
import { recordRequestError, setRoute } from "../served-request.ts";

type Handler = (context: { readonly error?: unknown }, next: () => Promise<void>) => unknown;
type Route = readonly [handler: Handler, route: { readonly path?: string; readonly method?: string }];

interface Router {
  add(method: string, path: string, route: Route): void;
}

type Constructor = new (...args: unknown[]) => object;

/**
 * Hono 4. A request is one span, the HTTP server's (`@hono/node-server` makes one), named by the route of the
 * handler that ran; middleware has none of its own. What they throw is recorded on it.
 *
 * Handlers are wrapped on their way into the router: an application's list of `routes` stays as it is.
 */
export const hono: Library = { name: "hono", instrumentation: () => new HonoInstrumentation() };

class HonoInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.hono", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    const versions = [">=4 <5"];
    const files = ["hono/dist/hono-base.js", "hono/dist/cjs/hono-base.js"].map(
      (file) =>
        new InstrumentationNodeModuleFile(
          file,
          versions,
          (exports: { HonoBase: Constructor }) => {
            exports.HonoBase = traced(exports.HonoBase);
            return exports;
          },
          () => {},
        ),
    );
    return new InstrumentationNodeModuleDefinition("hono", versions, undefined, undefined, files);
  }
}

/** The same class, whose instances hand on wrapped handlers to their router. */
function traced(Base: Constructor): Constructor {
  const proxy = new Proxy(Base, {
    construct(target, args, newTarget) {
      const app: { router?: Router } = Reflect.construct(target, args, newTarget);
      if (app.router !== undefined) wrapRouter(app.router);
      else awaitRouter(app);
      return app;
    },
  });
  Base.prototype.constructor = proxy;
  return proxy;
}

/** The router is assigned by the subclass's constructor; afterwards the property is as if we had not been there. */
function awaitRouter(app: { router?: Router }): void {
  Object.defineProperty(app, "router", {
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set(router: Router) {
      const value = { value: router, writable: true, configurable: true, enumerable: true };
      Object.defineProperty(app, "router", value);
      wrapRouter(router);
    },
  });
}

const WRAPPED = new WeakSet<Router>();

function wrapRouter(router: Router): void {
  if (WRAPPED.has(router) || typeof router?.add !== "function") return;
  WRAPPED.add(router);
  const add = router.add;
  const value: Router["add"] = function (this: Router, method, path, route) {
    return add.call(this, method, path, wrapRoute(route));
  };
  Object.defineProperty(router, "add", { value, configurable: true, writable: true });
}

function wrapRoute(entry: Route): Route {
  if (!Array.isArray(entry) || typeof entry[0] !== "function") return entry;
  const [handler, route] = entry as unknown as Route;
  const inner = (handler as { __COMPOSED_HANDLER?: Handler }).__COMPOSED_HANDLER ?? handler;
  // Middleware is told from handlers as Hono itself does when it lists routes.
  const isHandler = inner.length < 2 || route?.method !== "ALL";
  const wrapped: Handler = function (this: unknown, context, next) {
    if (isHandler && route?.path !== undefined) setRoute(route.path);
    let result: unknown;
    try {
      result = handler.call(this, context, next);
    } catch (error) {
      recordRequestError(error);
      throw error;
    }
    if (result instanceof Promise) result.then(() => recordHandled(context), recordRequestError);
    return result;
  };
  return [Object.assign(wrapped, handler), route];
}

/** An error that an `onError` of a mounted application made an answer of. */
function recordHandled(context: { readonly error?: unknown }): void {
  try {
    if (context.error !== undefined) recordRequestError(context.error);
  } catch (error) {
    countFault("hono", error);
  }
}
