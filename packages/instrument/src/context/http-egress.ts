import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { type Attributes, context, type Span, trace } from "@opentelemetry/api";
import type { Egress } from "./egress.ts";

/**
 * The host that Node connects to. OpenTelemetry's instrumentation cuts IPv6 addresses at their first colon, and
 * takes a proxy for the destination of a request whose path is a whole URL.
 */
export function hostOfOptions(options: RequestOptions): Attributes {
  if (options.socketPath) return {};
  const target = /^https?:/i.test(options.path ?? "") ? URL.parse(options.path ?? "")?.hostname : undefined;
  const host = target ?? (options.hostname || options.host);
  if (typeof host !== "string" || host === "") return {};
  return { "server.address": host.replace(/^\[(.*)\]$/, "$1") };
}

/** An array of headers as an object: adding a header to it would break the request otherwise. */
export function headersAsObject(options: RequestOptions): void {
  const given: unknown = options.headers;
  if (!Array.isArray(given)) return;
  const flat: unknown[] = given.every((element) => Array.isArray(element)) ? given.flat() : given;
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const value = flat[index + 1];
    (headers[String(flat[index])] ??= []).push(...(Array.isArray(value) ? value : [value]).map(String));
  }
  options.headers = Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** Takes context out of a request to a host that is not allowed, whoever put it there. */
export function withholdFromHttp(egress: Egress, span: Span, request: ClientRequest | IncomingMessage): void {
  if (!("getHeader" in request) || request.headersSent) return;
  const current = trace.setSpan(context.active(), span);
  if (egress.allows(current)) return;
  const leaked = egress.leaked(current, (name) => String(request.getHeader(name) ?? ""));
  for (const name of leaked) request.removeHeader(name);
  if (leaked.length > 0) egress.tell(current, leaked);
}
