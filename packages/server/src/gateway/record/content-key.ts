import { createHash } from "node:crypto";
import type { RecordableCall } from "./recorder.ts";
import { SECRET_PARAMETER } from "./redact.ts";

/** How alike a request has to be to one that was recorded. */
export type Match = "strict" | "loose";

/**
 * Keys of a request's content. The strict one stands for method, path and every byte of the body. The loose one stands
 * for what the model is asked: neither the order of keys nor spaces matter, nor who asks, nor when.
 */
export interface ContentKeys {
  readonly strict: string;
  readonly loose: string;
}

/** At the top of a body: who asks, under which number, and how the answer is sent or kept. */
const VOLATILE_KEYS = new Set([
  "metadata",
  "prompt_cache_key",
  "request_id",
  "safety_identifier",
  "seed",
  "service_tier",
  "session_id",
  "store",
  "stream_options",
  "user",
]);

const DATE = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z\b|[+-]\d\d:?\d\d))?)?/g;
const UUID = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi;

/** Takes a millisecond for a body of 200 KB. */
export function contentKeys(call: Pick<RecordableCall, "method" | "path" | "body">): ContentKeys {
  const body = call.body ?? new Uint8Array();
  const head = `${call.method} ${pathWithoutSecrets(call.path)}\n`;
  return { strict: digest(head, body), loose: digest(head, looseBody(body)) };
}

/** With its parameters in order, without those that may hold a secret. */
export function pathWithoutSecrets(path: string): string {
  const at = path.indexOf("?");
  if (at < 0) return path;
  const query = new URLSearchParams(path.slice(at + 1));
  for (const name of [...query.keys()]) if (SECRET_PARAMETER.test(name)) query.delete(name);
  query.sort();
  return query.size === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${query}`;
}

/** Dates, times and UUIDs: what is another one in every run. */
export function withoutVolatileText(text: string): string {
  return text.replace(DATE, "<date>").replace(UUID, "<uuid>");
}

function looseBody(body: Uint8Array): string | Uint8Array {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    return JSON.stringify(normal(value, true));
  } catch {
    return body;
  }
}

function normal(value: unknown, isTop: boolean): unknown {
  if (typeof value === "string") return withoutVolatileText(value);
  if (Array.isArray(value)) return value.map((item) => normal(item, false));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([key]) => !isTop || !VOLATILE_KEYS.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, normal(item, false)]));
}

function digest(head: string, body: string | Uint8Array): string {
  return createHash("sha256").update(head).update(body).digest("hex").slice(0, 32);
}
