/** By which agents pass a context on inside a message. */
const MEMBER = "trace_context";
const CARRIED = ["traceparent", "tracestate", "baggage"];
const MAX_BYTES = 1 << 20;

/** What a body of JSON carries in its member `trace_context`, by header's name; empty for all other bodies. */
export function carrierInside(body: Uint8Array | string | null | undefined): Record<string, string> {
  if (body === null || body === undefined || body.length > MAX_BYTES) return {};
  const bytes = typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.includes(MEMBER)) return {};
  try {
    const carrier = (JSON.parse(bytes.toString()) as Record<string, unknown> | null)?.[MEMBER];
    const entries = Object.entries(carrier ?? {}).filter(
      ([name, value]) => CARRIED.includes(name) && typeof value === "string",
    );
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
