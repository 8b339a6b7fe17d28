import type { Field } from "./fields.ts";
import type { Upstream } from "./gateway-config.ts";
import { KNOWN_PROVIDERS, keyHeader } from "./known-providers.ts";
import { baseUrl, duration, headerName, headerValue, nonEmpty, oneOf, truth, whole } from "./readings.ts";

const KEYS = [
  "kind",
  "url",
  "provider",
  "api_key",
  "key_header",
  "headers",
  "models",
  "connect_timeout",
  "timeout",
  "idle_timeout",
  "retries",
  "max_requests",
  "propagate",
] as const;

/** Paths that aren't an upstream's. */
const TAKEN = new Set(["metrics", "healthz", "readyz", "agents"]);

/** The upstreams by name; where none is named, all known providers with the caller's own credentials. */
export function readUpstreams(field: Field): Map<string, Upstream> {
  const upstreams = new Map<string, Upstream>();
  const entries = field.entries("a group of upstreams, each with a name");
  for (const [name, each] of entries) {
    if (!/^[a-z0-9][\w.-]*$/i.test(name) || TAKEN.has(name)) {
      each.problem(
        "can't be the name of an upstream; it must be letters, digits, `_`, `-` and `.`, " +
          `and none of ${[...TAKEN].join(", ")}`,
      );
    }
    upstreams.set(name, readUpstream(name, each));
  }
  if (entries.length > 0) return upstreams;
  for (const name of Object.keys(KNOWN_PROVIDERS)) upstreams.set(name, readUpstream(name, field));
  return upstreams;
}

function readUpstream(name: string, field: Field): Upstream {
  const fields = field.group(KEYS);
  const known = KNOWN_PROVIDERS[name];
  const kind = fields.kind.as(oneOf("model", "agent", "service"), "model");
  if (fields.url.isAbsent && known === undefined) {
    const names = Object.keys(KNOWN_PROVIDERS).join(", ");
    fields.url.missing(`${baseUrl.allowed}; without it the upstream has to be one of ${names}`);
  }
  const fallback = new URL(known?.url ?? "http://127.0.0.1");
  const style = fields.key_header.as(
    oneOf("bearer", "x-api-key", "api-key", "x-goog-api-key"),
    known?.keyStyle ?? "bearer",
  );
  const headers = readHeaders(fields.headers);
  const key = fields.api_key.as(headerValue, undefined);
  if (key !== undefined) {
    // Another kind of key that the caller sends must not go along.
    for (const other of ["bearer", "x-api-key", "api-key", "x-goog-api-key"] as const) {
      const [header] = keyHeader(other, "");
      if (other === style) headers.set(...keyHeader(style, key));
      else if (!headers.has(header)) headers.set(header, "");
    }
  }
  return {
    ...{ name, kind, headers },
    url: fields.url.as(baseUrl, fallback),
    provider: fields.provider.as(nonEmpty, undefined),
    models: fields.models.isAbsent ? (known?.models ?? []) : fields.models.list(nonEmpty),
    connectTimeoutMs: fields.connect_timeout.as(duration(1, "10m"), 10_000),
    timeoutMs: fields.timeout.as(duration(1, "24h"), 600_000),
    idleTimeoutMs: fields.idle_timeout.as(duration(1, "24h"), 300_000),
    retries: fields.retries.as(whole(0, 10), 0),
    maxRequests: fields.max_requests.as(whole(1, 100_000), Number.POSITIVE_INFINITY),
    propagate: fields.propagate.as(truth, undefined),
  };
}

/** Names in lower case. */
export function readHeaders(field: Field): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, each] of field.entries("a group of headers, each with its value")) {
    const read = headerName.read(name);
    if (read === undefined) each.problem("is no name of a header");
    const value = each.as(headerValue, undefined);
    if (read !== undefined && value !== undefined) headers.set(read, value);
  }
  return headers;
}
