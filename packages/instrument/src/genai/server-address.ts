import type { Attributes } from "@opentelemetry/api";
import { rememberedAddresses } from "../remembered-addresses.ts";

const addresses = rememberedAddresses(read);

/** `server.address` and `server.port` of a base URL; nothing when it is none. */
export function serverAttributes(url: unknown): Attributes {
  return typeof url === "string" ? addresses(url) : {};
}

function read(url: string): Attributes {
  const parsed = URL.parse(url);
  if (parsed === null) return {};
  const port = parsed.port || (parsed.protocol === "http:" ? 80 : 443);
  return { "server.address": parsed.hostname.replace(/^\[(.*)\]$/, "$1"), "server.port": Number(port) };
}
