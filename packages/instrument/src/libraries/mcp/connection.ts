import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { withDestination } from "../../context/outgoing.ts";
import { countFault } from "../../fault.ts";
import type { Settings } from "../../settings.ts";
import { recordArguments, recordResult } from "./content.ts";
import { coveringSpan } from "./covering-span.ts";
import {
  isTraced,
  type Message,
  messageAttributes,
  type SendOptions,
  spanName,
  type Transport,
  takesMeta,
  transportAttributes,
} from "./message.ts";
import { contextOf, withContext } from "./meta.ts";

type Id = string | number;

/** A request that waits for its answer. */
interface Pending {
  readonly span: Span;
  /** Whether the span is somebody else's, who ends it. */
  readonly isCovering: boolean;
  readonly isToolCall: boolean;
}

const traced = new WeakSet<Transport>();

/**
 * Gives what a transport carries spans and context from now on. To be called before the transport's handlers
 * are set. Never throws.
 */
export function traceTransport(transport: Transport, settings: Settings): void {
  try {
    if (traced.has(transport)) return;
    const connection = new Connection(transport, settings);
    traced.add(transport);
    const send = transport.send;
    hide(transport, "send", function (this: Transport, message: Message, options?: SendOptions) {
      return connection.send(message, options, (changed) => send.call(this, changed, options));
    });
    onceStarted(transport, () => {
      const { onmessage, onclose } = transport;
      if (onmessage !== undefined) {
        transport.onmessage = function (this: unknown, message, extra) {
          connection.receive(message, () => onmessage.call(this as Transport, message, extra));
        };
      }
      transport.onclose = function (this: unknown) {
        connection.close();
        onclose?.call(this as Transport);
      };
    });
  } catch (error) {
    countFault("clew.mcp", error);
  }
}

/** Replaces a method of one object so that nobody who lists its properties sees it. */
function hide<K extends "send" | "start">(transport: Transport, name: K, value: Transport[K]): void {
  Object.defineProperty(transport, name, { value, writable: true, configurable: true, enumerable: false });
}

/** A transport is started when its handlers are set and nothing has arrived yet. */
function onceStarted(transport: Transport, then: () => void): void {
  const own = Object.getOwnPropertyDescriptor(transport, "start");
  const { start } = transport;
  hide(transport, "start", function (this: Transport) {
    try {
      if (own === undefined) Reflect.deleteProperty(transport, "start");
      else Object.defineProperty(transport, "start", own);
      then();
    } catch (error) {
      countFault("clew.mcp", error);
    }
    return start.call(this);
  });
}

/** The spans of one connection's messages, both ways: servers send requests to clients too. */
class Connection {
  readonly #transport: Transport;
  readonly #settings: Settings;
  readonly #attributes: Attributes;
  /** Requests by id, which each side counts for itself. */
  readonly #sent = new Map<Id, Pending>();
  readonly #received = new Map<Id, Pending>();

  constructor(transport: Transport, settings: Settings) {
    this.#transport = transport;
    this.#settings = settings;
    this.#attributes = transportAttributes(transport);
  }

  send(
    message: Message,
    options: SendOptions | undefined,
    send: (message: Message) => Promise<void>,
  ): Promise<void> {
    let outgoing: ReturnType<Connection["outgoing"]>;
    try {
      outgoing = this.outgoing(message, options);
    } catch (error) {
      countFault("clew.mcp", error);
    }
    if (outgoing === undefined) return send(message);
    const { pending } = outgoing;
    const failed = (error: unknown) => {
      if (message.id !== undefined) this.#sent.delete(message.id);
      fail(pending, error);
    };
    let sending: Promise<void>;
    try {
      sending = context.with(outgoing.context, send, undefined, outgoing.message);
    } catch (error) {
      failed(error);
      throw error;
    }
    // Only looks on: whoever sends handles a failure.
    Promise.resolve(sending).then(() => message.id === undefined && end(pending), failed);
    return sending;
  }

  /** What is to be sent instead of a message, and in which context; undefined where nothing changes. */
  outgoing(message: Message, options: SendOptions | undefined) {
    if (message.method === "notifications/cancelled") {
      this.#cancel(this.#sent, message.params?.requestId, message.params?.reason);
    }
    if (message.method === undefined && message.id !== undefined) this.#answer(this.#received, message);
    if (!isTraced(message)) return undefined;
    const covering = coveringSpan(message);
    const attributes = { ...this.#connectionAttributes(), ...messageAttributes(message) };
    const span =
      covering?.setAttributes(attributes) ??
      tracer().startSpan(spanName(message), { kind: SpanKind.CLIENT, attributes });
    const pending: Pending = {
      span,
      isCovering: covering !== undefined,
      isToolCall: message.method === "tools/call",
    };
    if (!pending.isCovering) recordArguments(span, message, this.#settings);
    if (message.id !== undefined) this.#sent.set(message.id, pending);
    const { id } = message;
    options?.requestSignal?.addEventListener("abort", () => this.#cancel(this.#sent, id, undefined), {
      once: true,
    });
    const within = trace.setSpan(context.active(), span);
    const host = this.#attributes["server.address"];
    const sent = typeof host === "string" ? withDestination(within, host) : within;
    return { pending, context: within, message: takesMeta(message) ? withContext(message, sent) : message };
  }

  receive(message: Message, deliver: () => void): void {
    let pending: Pending | undefined;
    let within = context.active();
    try {
      if (message.method === "notifications/cancelled") {
        this.#cancel(this.#received, message.params?.requestId, undefined);
      }
      if (message.method === undefined && message.id !== undefined) this.#answer(this.#sent, message);
      if (isTraced(message)) {
        const { parent, links } = contextOf(message);
        const attributes = { ...this.#connectionAttributes(), ...messageAttributes(message) };
        const span = tracer().startSpan(
          spanName(message),
          { kind: SpanKind.SERVER, attributes, links },
          parent,
        );
        recordArguments(span, message, this.#settings);
        pending = { span, isCovering: false, isToolCall: message.method === "tools/call" };
        if (message.id !== undefined) this.#received.set(message.id, pending);
        within = trace.setSpan(parent, span);
      }
    } catch (error) {
      countFault("clew.mcp", error);
    }
    try {
      context.with(within, deliver);
    } finally {
      if (pending !== undefined && message.id === undefined) end(pending);
    }
  }

  close(): void {
    for (const pending of this.#sent.values()) fail(pending, { name: "connection_closed" });
    for (const pending of this.#received.values()) cancelled(pending);
    this.#sent.clear();
    this.#received.clear();
  }

  #connectionAttributes(): Attributes {
    const { sessionId } = this.#transport;
    if (typeof sessionId === "string") this.#attributes["mcp.session.id"] = sessionId;
    return this.#attributes;
  }

  #answer(requests: Map<Id, Pending>, message: Message): void {
    const id = message.id as Id;
    const pending = requests.get(id);
    if (pending === undefined) return;
    requests.delete(id);
    const version = message.result?.protocolVersion;
    if (typeof version === "string") this.#attributes["mcp.protocol.version"] = version;
    pending.span.setAttributes(this.#connectionAttributes());
    if (message.error !== undefined) {
      const code = String(message.error.code ?? "unknown");
      pending.span.setAttributes({ "error.type": code, "rpc.response.status_code": code });
      pending.span.setStatus({ code: SpanStatusCode.ERROR, message: message.error.message ?? "" });
    } else if (message.result?.isError === true) {
      pending.span.setAttribute("error.type", "tool_error");
      pending.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    if (pending.isToolCall && !pending.isCovering) recordResult(pending.span, message.result, this.#settings);
    end(pending);
  }

  /** `reason` is what the sender of a request gave; one that nobody gave means it was not wanted any more. */
  #cancel(requests: Map<Id, Pending>, id: unknown, reason: unknown): void {
    const pending = requests.get(id as Id);
    if (pending === undefined) return;
    requests.delete(id as Id);
    if (/timed out|timeout/i.test(String(reason ?? ""))) fail(pending, { name: "timeout" });
    else cancelled(pending);
  }
}

function tracer() {
  return trace.getTracer("clew.mcp");
}

function end({ span, isCovering }: Pending): void {
  if (!isCovering) span.end();
}

function cancelled(pending: Pending): void {
  pending.span.setAttribute("clew.cancelled", true);
  end(pending);
}

function fail(pending: Pending, error: unknown): void {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  pending.span.setAttribute("error.type", typeof name === "string" ? name : "_OTHER");
  pending.span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(typeof message === "string" ? { message } : {}),
  });
  end(pending);
}
