import type { Attributes } from "@opentelemetry/api";

/** A process has few base URLs; one that makes many does not get to fill the memory. */
const MAX_KNOWN = 100;
const known = new Map<string, Attributes>();

/** `server.address` and `server.port` of a base URL; nothing when it is none. */
export function serverAttributes(url: unknown): Attributes {
  if (typeof url !== "string") return {};
  let attributes = known.get(url);
  if (attributes === undefined) {
    attributes = read(url);
    if (known.size < MAX_KNOWN) known.set(url, attributes);
  }
  return attributes;
}

function read(url: string): Attributes {
  const parsed = URL.parse(url);
  if (parsed === null) return {};
  const port = parsed.port || (parsed.protocol === "http:" ? 80 : 443);
  return { "server.address": parsed.hostname.replace(/^\[(.*)\]$/, "$1"), "server.port": Number(port) };
}
