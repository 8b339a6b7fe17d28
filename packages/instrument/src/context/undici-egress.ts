import { context, type Span, trace } from "@opentelemetry/api";
import type { Egress } from "./egress.ts";
import { setDestination } from "./outgoing.ts";
import { CONTEXT_HEADERS } from "./w3c-propagator.ts";

/** A request of undici as its diagnostics channel shows it, before it is sent. */
export interface UndiciRequest {
  readonly origin: unknown;
  readonly path: string;
  /** Names and values in turn; lines in undici 5. */
  headers?: unknown;
}

/**
 * Says where the request goes, and takes from it context headers that are there already: undici adds the new ones
 * beside them, and two `traceparent` are none. To a host that is not allowed go those that the agent wrote itself.
 */
export function prepareUndici(egress: Egress, span: Span, request: UndiciRequest): void {
  const host = URL.parse(request.path, String(request.origin))?.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === undefined) return;
  setDestination(span, host);
  const found = new Map(CONTEXT_HEADERS.map((name) => [name as string, readHeader(request, name)]));
  if ([...found.values()].every((value) => value === "")) return;
  const current = trace.setSpan(context.active(), span);
  if (egress.allows(current)) {
    const baggage = found.get("baggage");
    if (baggage) setDestination(span, host, baggage);
    removeHeaders(request, CONTEXT_HEADERS);
    return;
  }
  const leaked = egress.leaked(current, (name) => found.get(name) ?? "");
  if (leaked.length === 0) return;
  removeHeaders(request, leaked);
  egress.tell(current, leaked);
}

function readHeader({ headers }: UndiciRequest, name: string): string {
  const values: string[] = [];
  if (Array.isArray(headers)) {
    for (let index = 0; index + 1 < headers.length; index += 2) {
      if (isNamed(headers[index], name)) values.push(String(headers[index + 1]));
    }
  } else if (typeof headers === "string") {
    for (const line of headers.split("\r\n")) {
      const colon = line.indexOf(":");
      if (isNamed(line.slice(0, Math.max(colon, 0)), name)) values.push(line.slice(colon + 1).trim());
    }
  }
  return values.join(",");
}

function removeHeaders(request: UndiciRequest, names: readonly string[]): void {
  const { headers } = request;
  const unwanted = (name: unknown) => names.some((candidate) => isNamed(name, candidate));
  if (Array.isArray(headers)) {
    for (let index = headers.length - 2; index >= 0; index -= 2) {
      if (unwanted(headers[index])) headers.splice(index, 2);
    }
  } else if (typeof headers === "string") {
    const lines = headers.split("\r\n");
    request.headers = lines
      .filter((line) => !unwanted(line.slice(0, Math.max(line.indexOf(":"), 0))))
      .join("\r\n");
  }
}

function isNamed(name: unknown, lowerCase: string): boolean {
  return String(name).toLowerCase() === lowerCase;
}
