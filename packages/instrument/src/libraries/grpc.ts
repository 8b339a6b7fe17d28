import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { grpcHost, grpcStatusName, isServerFault } from "../grpc-names.ts";
import type { Library } from "../library.ts";

interface Metadata {
  get(key: string): (string | Buffer)[];
  set(key: string, value: string): void;
  getMap(): Record<string, unknown>;
  clone(): Metadata;
}

interface Status {
  readonly code: number;
  readonly details?: string;
}

interface Listener {
  onReceiveMetadata(metadata: Metadata): void;
  onReceiveMessage(message: unknown): void;
  onReceiveStatus(status: Status): void;
}

interface Call {
  start(metadata: Metadata, listener: Listener): void;
}

interface Channel {
  createCall(method: string, ...args: unknown[]): Call;
  getTarget(): string;
}

/** Of a call at the server, whichever of the four kinds. */
interface ServerCall extends NodeJS.EventEmitter {
  readonly metadata: Metadata;
  /** Where every end of a call passes, since grpc-js 1.10; private before and after. */
  readonly call?: { sendStatus?(status: Status): void };
}

type Respond = (error: unknown, ...args: unknown[]) => void;
type Handler = (this: unknown, call: ServerCall, respond?: Respond) => unknown;
type Register = (this: unknown, name: string, handler: Handler, ...args: unknown[]) => boolean;

interface Exports {
  readonly Channel: { readonly prototype: Channel };
  readonly Server: { readonly prototype: { register: Register } };
}

const CANCELLED = 1;
const GETTER: TextMapGetter<Metadata> = {
  get: (metadata, key) => metadata.get(key).map(String),
  keys: (metadata) => Object.keys(metadata.getMap()),
};
const SETTER: TextMapSetter<Metadata> = { set: (metadata, key, value) => metadata.set(key, value) };

/**
 * `@grpc/grpc-js` 1: a span per call on both sides, unary and streaming, from its start to its status; retries
 * are part of it. Context travels in the call's metadata, in a copy: what the agent passed stays as it is.
 *
 * Calls are caught in the channel, through which those of all clients go, however they were made.
 */
export const grpc: Library = { name: "@grpc/grpc-js", instrumentation: () => new GrpcInstrumentation() };

class GrpcInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.grpc", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition("@grpc/grpc-js", [">=1.10 <2"], (exports: Exports) => {
      const channel = exports.Channel.prototype;
      if (!PATCHED.has(channel)) {
        PATCHED.add(channel);
        patchChannel(this.tracer, channel);
        patchServer(this.tracer, exports.Server.prototype);
      }
      return exports;
    });
  }
}

const PATCHED = new WeakSet<object>();

function patchChannel(tracer: Tracer, prototype: Channel): void {
  const { createCall } = prototype;
  prototype.createCall = function (method, ...args) {
    const call = createCall.call(this, method, ...args);
    attempt("grpc", () => traceCall(tracer, call, method, this.getTarget()));
    return call;
  };
}

function traceCall(tracer: Tracer, call: Call, method: string, target: string): void {
  const { start } = call;
  const name = method.replace(/^\//, "");
  const attributes = { "rpc.system.name": "grpc", "rpc.method": name, ...grpcHost(target) };
  call.start = function (metadata, listener) {
    const traced = attempt("grpc", () => {
      const caller = context.active();
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
      const carrier = metadata.clone();
      propagation.inject(trace.setSpan(caller, span), carrier, SETTER);
      return { carrier, listener: listenerIn(caller, listener, span) };
    });
    start.call(this, traced?.carrier ?? metadata, traced?.listener ?? listener);
  };
}

/** What the agent hears of a call, it hears in the context in which it called. */
function listenerIn(caller: Context, listener: Listener, span: Span): Listener {
  return {
    onReceiveMetadata: (metadata) => context.with(caller, () => listener.onReceiveMetadata(metadata)),
    onReceiveMessage: (message) => context.with(caller, () => listener.onReceiveMessage(message)),
    onReceiveStatus(status) {
      endSpan(span, status, status.code !== 0);
      context.with(caller, () => listener.onReceiveStatus(status));
    },
  };
}

function patchServer(tracer: Tracer, prototype: Exports["Server"]["prototype"]): void {
  const { register } = prototype;
  prototype.register = function (name, handler, ...args) {
    // Of the arguments, the last is the kind of the method.
    const streams = args.at(-1) !== "unary";
    const traced: Handler = function (this: unknown, call, respond) {
      const served = serve(tracer, name, call, streams);
      if (served === undefined) return handler.call(this, call, respond);
      try {
        return context.with(served.context, () => handler.call(this, call, respond));
      } catch (error) {
        served.span.recordException(error as Error);
        throw error;
      }
    };
    return register.call(this, name, typeof handler === "function" ? traced : handler, ...args);
  };
}

/** Starts the span of a call that came in, which ends with the status that is sent, or when the client gives up. */
function serve(
  tracer: Tracer,
  path: string,
  call: ServerCall,
  streams: boolean,
): { context: Context; span: Span } | undefined {
  return attempt("grpc", () => {
    const inner = call.call;
    const send = inner?.sendStatus;
    if (inner === undefined || send === undefined) return undefined;
    const remote = propagation.extract(ROOT_CONTEXT, call.metadata, GETTER);
    const name = path.replace(/^\//, "");
    const attributes = { "rpc.system.name": "grpc", "rpc.method": name };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, remote);
    inner.sendStatus = function (status) {
      endSpan(span, status, isServerFault(status.code));
      return send.call(this, status);
    };
    call.once("cancelled", () => endSpan(span, { code: CANCELLED }, false));
    const served = trace.setSpan(remote, span);
    // Events of a stream come from the connection, in no context; it costs too much where there are none.
    if (streams) context.bind(served, call);
    return { context: served, span };
  });
}

function endSpan(span: Span, { code, details }: Status, isError: boolean): void {
  // Not recorded, or ended: a cancelled call can still get a status.
  if (!span.isRecording()) return;
  const name = grpcStatusName(code);
  span.setAttribute("rpc.response.status_code", name);
  if (isError) {
    span.setAttribute("error.type", name);
    span.setStatus({ code: SpanStatusCode.ERROR, message: details ?? "" });
  }
  span.end();
}
