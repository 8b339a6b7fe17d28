import type { Attributes } from "@opentelemetry/api";

/** `server.address` and `server.port` of a base URL; nothing when it is none. */
export function serverAttributes(url: unknown): Attributes {
  if (typeof url !== "string") return {};
  const parsed = URL.parse(url);
  if (parsed === null) return {};
  const port = parsed.port || (parsed.protocol === "http:" ? 80 : 443);
  return { "server.address": parsed.hostname.replace(/^\[(.*)\]$/, "$1"), "server.port": Number(port) };
}
