import type { IncomingMessage } from "node:http";
import {
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { type Connection, emitMessage, watchListeners } from "../socket-messages.ts";

type Emit = (this: object, event: string | symbol, ...args: unknown[]) => boolean;
type Method = (this: object, ...args: unknown[]) => unknown;

interface Exports {
  readonly WebSocket: { readonly prototype: { emit: Emit; setSocket: Method } };
  readonly WebSocketServer: { readonly prototype: { completeUpgrade: Method } };
}

/** A connection that a server accepted. */
interface Accepted extends Connection {
  readonly span: Span;
  readonly path: string;
  /** Packets of a protocol above, of which that knows more. */
  readonly quiet: boolean;
  /** Set once the socket that it is for has it. */
  taken: boolean;
}

const ACCEPTED = createContextKey("clew.ws.accepted");

/**
 * `ws` 8. At the server a connection is one span, `websocket /path`, from the upgrade to the end of the
 * connection; it continues the trace that the upgrade request's headers carry, which those of a traced client
 * do (`ws`, `WebSocket` of Node). All its events are handled in its context, so that what a handler does is
 * seen below it. Each text message is a span besides, `message /path`, until its listeners are done, promises
 * included; where it stands says `emitMessage`. Binary messages, of which audio has many a second, have none.
 *
 * At a client events are handled in the context in which the socket was made, and messages have no spans: the
 * pieces of a model's answer would be thousands. Messages themselves are never changed, so that what a server
 * sends does not carry the context of the moment. Handlers of Node's own `WebSocket` have no context: to give
 * them one, the class would have to be loaded in every process.
 */
export const ws: Library = { name: "ws", instrumentation: () => new WsInstrumentation() };

class WsInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.ws", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition("ws", [">=8 <9"], (exports: Exports) => {
      attempt("ws", () => {
        if (PATCHED.has(exports.WebSocket)) return;
        PATCHED.add(exports.WebSocket);
        patchServer(this.tracer, exports.WebSocketServer.prototype);
        patchSocket(this.tracer, exports.WebSocket.prototype);
      });
      return exports;
    });
  }
}

const PATCHED = new WeakSet<object>();
const contexts = new WeakMap<object, Context>();
const accepted = new WeakMap<object, Accepted>();

function patchServer(tracer: Tracer, prototype: Exports["WebSocketServer"]["prototype"]): void {
  const { completeUpgrade } = prototype;
  prototype.completeUpgrade = function (...args) {
    const made = attempt("ws", () => accept(tracer, args.find(isRequest)));
    if (made === undefined) return completeUpgrade.apply(this, args);
    try {
      return context.with(made.context.setValue(ACCEPTED, made), () => completeUpgrade.apply(this, args));
    } finally {
      if (!made.taken) made.span.end();
    }
  };
}

function isRequest(argument: unknown): argument is IncomingMessage {
  return (argument as Partial<IncomingMessage> | null | undefined)?.headers !== undefined;
}

function accept(tracer: Tracer, request: IncomingMessage | undefined): Accepted | undefined {
  if (request === undefined) return undefined;
  const remote = propagation.extract(ROOT_CONTEXT, request.headers);
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const attributes = { "url.path": path, "http.request.method": "GET", "http.response.status_code": 101 };
  const span = tracer.startSpan(`websocket ${path}`, { kind: SpanKind.SERVER, attributes }, remote);
  const continues = trace.getSpanContext(remote) !== undefined;
  const quiet = /(^|&)EIO=\d/.test(query);
  return { context: trace.setSpan(remote, span), continues, span, path, quiet, taken: false };
}

function patchSocket(tracer: Tracer, prototype: Exports["WebSocket"]["prototype"]): void {
  const { emit, setSocket } = prototype;
  watchListeners(prototype, (event) => event === "message");

  prototype.setSocket = function (...args) {
    attempt("ws", () => {
      const active = context.active();
      contexts.set(this, active.deleteValue(ACCEPTED));
      const connection = active.getValue(ACCEPTED) as Accepted | undefined;
      if (connection === undefined || connection.taken) return;
      connection.taken = true;
      accepted.set(this, connection);
    });
    return setSocket.apply(this, args);
  };

  prototype.emit = function (event, ...args) {
    const own = contexts.get(this);
    if (own === undefined) return emit.call(this, event, ...args);
    const connection = accepted.get(this);
    const run = () => emit.call(this, event, ...args);
    if (connection !== undefined && event === "close")
      attempt("ws", () => endConnection(connection, args[0]));
    if (event !== "message" || connection === undefined || connection.quiet || args[1] !== false)
      return context.with(own, run);
    const attributes = { "url.path": connection.path, "clew.message.size": sizeOf(args[0]) };
    return emitMessage(tracer, connection, `message ${connection.path}`, attributes, run);
  };
}

function endConnection({ span }: Accepted, code: unknown): void {
  if (typeof code === "number") span.setAttribute("clew.websocket.close_code", code);
  span.end();
}

/** Of the message in bytes, in whichever form the agent asked for. */
function sizeOf(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, piece) => sum + sizeOf(piece), 0);
  return typeof data === "string" ? Buffer.byteLength(data) : ((data as Uint8Array | null)?.byteLength ?? 0);
}
