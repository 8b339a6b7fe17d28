import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { InstrumentationScope, Resource, Span, SpanEvent } from "@clew/protocol/otlp/model";
import type { Tracing } from "../config/gateway-config.ts";
import type { RequestContext } from "../context/request-context.ts";
import { Attributes } from "./attributes.ts";
import { headerAttributes } from "./header-attributes.ts";

const SERVER = 2;
const CLIENT = 3;
const OK = 1;
const ERROR = 2;
const REMOTE_KNOWN = 0x100;
const REMOTE = 0x200;

/** What failed; its type is short and one of few. */
export interface SpanError {
  readonly type: string;
  readonly message: string;
}

/** What all spans of one configuration share. */
export interface SpanMaker {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  readonly tracing: Tracing;
}

export function spanMaker(tracing: Tracing, version: string): SpanMaker {
  const resource = new Attributes().text("service.name", tracing.serviceName);
  resource.text("service.version", version).text("telemetry.sdk.language", "nodejs");
  return {
    resource: { attributes: resource.list },
    scope: { name: "clew.gateway", version },
    tracing,
  };
}

export interface SpanTimes {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** What the configuration has every span say. */
export function configuredAttributes({ tracing }: SpanMaker, request: IncomingMessage): Attributes {
  const attributes = new Attributes();
  for (const [key, value] of tracing.spanAttributes.static) attributes.text(key, value);
  const { headerPrefixes } = tracing.spanAttributes;
  if (headerPrefixes.length > 0) {
    for (const [key, value] of headerAttributes(request.headers, headerPrefixes)) attributes.text(key, value);
  }
  return attributes;
}

/** The span of a request that came in: OpenTelemetry's HTTP server span. Its query is nowhere: it may hold a key. */
export function describeServer(
  attributes: Attributes,
  request: IncomingMessage,
  path: string,
  route: string | undefined,
): void {
  const { host } = request.headers;
  const { socket } = request;
  const port = host === undefined ? undefined : /:(\d+)$/.exec(host)?.[1];
  attributes
    .text("http.request.method", request.method)
    .text("url.scheme", (socket as Partial<TLSSocket>).encrypted === true ? "https" : "http")
    .text("url.path", path)
    .text("http.route", route)
    .text("server.address", host?.replace(/:\d+$/, ""))
    .whole("server.port", port === undefined ? undefined : Number(port))
    .text("client.address", socket.remoteAddress)
    .text("user_agent.original", request.headers["user-agent"])
    .text("network.protocol.version", request.httpVersion);
}

export function serverSpan(
  context: RequestContext,
  name: string,
  { startNs, endNs }: SpanTimes,
  attributes: Attributes,
  error: SpanError | undefined,
): Span {
  const span: Span = {
    ...identity(context, context.spanId, name, SERVER, startNs, endNs),
    ...outcome(attributes, error),
  };
  if (context.parentId !== undefined) {
    span.parentSpanId = context.parentId;
    span.flags = context.flags | REMOTE_KNOWN | REMOTE;
  }
  return span;
}

export function clientSpan(
  context: RequestContext,
  spanId: string,
  name: string,
  { startNs, endNs }: SpanTimes,
  attributes: Attributes,
  error: SpanError | undefined,
  events: SpanEvent[],
): Span {
  const span: Span = {
    ...identity(context, spanId, name, CLIENT, startNs, endNs),
    parentSpanId: context.spanId,
    ...outcome(attributes, error),
  };
  if (events.length > 0) span.events = events;
  return span;
}

function identity(
  { traceId, flags, tracestate }: RequestContext,
  spanId: string,
  name: string,
  kind: number,
  startNs: bigint,
  endNs: bigint,
): Span {
  const span: Span = {
    ...{ traceId, spanId, name, kind },
    flags: flags | REMOTE_KNOWN,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(endNs),
  };
  if (tracestate !== "") span.traceState = tracestate;
  return span;
}

function outcome(attributes: Attributes, error: SpanError | undefined): Pick<Span, "attributes" | "status"> {
  if (error === undefined) return { attributes: attributes.list, status: { code: OK } };
  attributes.text("error.type", error.type);
  return { attributes: attributes.list, status: { code: ERROR, message: error.message } };
}
