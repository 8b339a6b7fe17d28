import type { IncomingHttpHeaders } from "node:http";
import { context, propagation, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { type Connection, emitMessage, watchListeners } from "../socket-messages.ts";

interface Socket {
  readonly nsp?: { readonly name?: string };
  readonly handshake?: { readonly headers?: IncomingHttpHeaders };
}

type Method<This> = (this: This, ...args: unknown[]) => unknown;

interface Exports {
  readonly Socket: { readonly prototype: { dispatch: Method<Socket> } };
}

/**
 * `socket.io` 4, server. Each event that a client sends is a span, `message {namespace}{event}`, until its
 * listeners are done, promises included; middleware of the socket runs in the context of the connection. The
 * connection is that of the handshake, whose headers a traced client (`socket.io-client` in Node) fills; where
 * a span stands says `emitMessage`. What the server sends, and the client's side, have no spans: a client's
 * handlers run in the context in which it connected. Events themselves are never changed.
 */
export const socketIo: Library = { name: "socket.io", instrumentation: () => new SocketIoInstrumentation() };

class SocketIoInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.socket.io", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition("socket.io", [">=4 <5"], (exports: Exports) => {
      attempt("socket.io", () => {
        const { prototype } = exports.Socket;
        if (PATCHED.has(prototype)) return;
        PATCHED.add(prototype);
        patch(this.tracer, prototype);
      });
      return exports;
    });
  }
}

const PATCHED = new WeakSet<object>();
const connections = new WeakMap<Socket, Connection>();

function patch(tracer: Tracer, prototype: Exports["Socket"]["prototype"]): void {
  const { dispatch } = prototype;
  watchListeners(prototype, (event) => typeof event === "string" && !RESERVED.has(event));
  prototype.dispatch = function (...args) {
    const connection = attempt("socket.io", () => connectionOf(this));
    if (connection === undefined) return dispatch.apply(this, args);
    return context.with(connection.context, () => dispatch.apply(this, args));
  };
  // The class of sockets has this from its base, where other emitters of the library use it too.
  const base = Object.getPrototypeOf(prototype) as { emitUntyped: Method<Socket> };
  const { emitUntyped } = base;
  base.emitUntyped = function (...args) {
    const connection = connections.get(this);
    if (connection === undefined) return emitUntyped.apply(this, args);
    const event = String(args[0]);
    const namespace = this.nsp?.name ?? "/";
    const attributes = { "clew.socket.event": event, "clew.socket.namespace": namespace };
    const name = `message ${namespace === "/" ? "" : `${namespace} `}${event}`;
    return emitMessage(tracer, connection, name, attributes, () => emitUntyped.apply(this, args));
  };
}

const RESERVED = new Set(["disconnect", "disconnecting", "error", "newListener", "removeListener"]);

function connectionOf(socket: Socket): Connection {
  let connection = connections.get(socket);
  if (connection === undefined) {
    const remote = propagation.extract(ROOT_CONTEXT, socket.handshake?.headers ?? {});
    const continues = trace.getSpanContext(remote) !== undefined;
    const opened = trace.getSpan(context.active());
    const of = continues || opened === undefined ? remote : trace.setSpan(remote, opened);
    connection = { context: of, continues };
    connections.set(socket, connection);
  }
  return connection;
}
