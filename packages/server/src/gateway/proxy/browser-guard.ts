import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/**
 * Why a request looks as if a page of a stranger had sent it, which must not spend the credentials of the gateway:
 * called by a name that a stranger can own, or from a page of another origin. Undefined when it doesn't. With a token
 * nobody needs to ask.
 */
export function strangersPage(
  headers: IncomingHttpHeaders,
  origins: readonly string[],
): "host" | "origin" | undefined {
  const name = hostName(headers.host ?? "");
  if (!isLocalName(name) && !origins.some((origin) => URL.parse(origin)?.hostname === name)) return "host";
  const { origin } = headers;
  if (origin === undefined || origins.includes("*") || origins.includes(origin)) return undefined;
  const from = URL.parse(origin);
  return from !== null && isLoopbackName(from.hostname) ? undefined : "origin";
}

/** Addresses, single-label names and the reserved local domains can't be a stranger's. */
function isLocalName(name: string): boolean {
  if (name === "") return false;
  return isIP(name) !== 0 || !name.includes(".") || /\.(localhost|local|internal|svc|home\.arpa)$/.test(name);
}

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "[::1]" || name.endsWith(".localhost") || /^127\./.test(name);
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d+$/, "")).toLowerCase().replace(/\.$/, "");
}
