import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { InstrumentationBase } from "@opentelemetry/instrumentation";
import { countFault } from "../fault.ts";
import type { Library } from "../library.ts";
import { recordRequestError, setRoute } from "../served-request.ts";

interface FastifyRequest {
  /** Without `url` where no route matched; absent before version 4.10. */
  readonly routeOptions?: { readonly url?: string };
}

type Done = () => void;

interface Fastify {
  addHook(name: "onRequest", hook: (request: FastifyRequest, reply: unknown, done: Done) => void): unknown;
  addHook(
    name: "onError",
    hook: (request: FastifyRequest, reply: unknown, error: unknown, done: Done) => void,
  ): unknown;
}

/** Where Fastify announces each instance before its owner gets it. */
const CHANNEL = "fastify.initialization";

/**
 * Fastify 4 and 5. A request is one span, the HTTP server's, named by its route; hooks and handlers have none of
 * their own. What they throw is recorded on it.
 */
export const fastify: Library = { name: "fastify", instrumentation: () => new FastifyInstrumentation() };

class FastifyInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.fastify", "0.1.0", {});
  }

  protected override init(): [] {
    return [];
  }

  override enable(): void {
    super.enable();
    unsubscribe(CHANNEL, onInstance);
    subscribe(CHANNEL, onInstance);
  }

  override disable(): void {
    super.disable();
    unsubscribe(CHANNEL, onInstance);
  }
}

function onInstance(message: unknown): void {
  try {
    const { fastify: instance } = message as { fastify: Fastify };
    instance.addHook("onRequest", (request, _reply, done) => {
      const route = request.routeOptions?.url;
      if (route !== undefined) setRoute(route);
      done();
    });
    instance.addHook("onError", (_request, _reply, error, done) => {
      recordRequestError(error);
      done();
    });
  } catch (error) {
    countFault("fastify", error);
  }
}
