const PREFIX = "@opentelemetry/instrumentation-";

/** Of `@opentelemetry/winston-transport`, which the instrumentation of winston adds as well; it uses `api-logs`. */
const OTLP_TRANSPORT = "OpenTelemetryTransportV3";

const senders = new Set<string>();

/** Takes the name of a tracer that somebody asks for: instrumentations ask for one by their own names. */
export function seeTracer(name: string): void {
  if (name.startsWith(PREFIX)) senders.add(name.slice(PREFIX.length));
}

let hasProvider = false;

/** The agent has a provider of its own where `@opentelemetry/api-logs` finds it, and we have joined that. */
export function seeLoggerProvider(): void {
  hasProvider = true;
}

/**
 * Whether one of these transports of winston hands lines to that provider. Without a provider it hands them to
 * nobody.
 */
export function hasOwnTransport(transports: unknown): boolean {
  if (!hasProvider || !Array.isArray(transports)) return false;
  return transports.some((each: object | undefined) => each?.constructor?.name === OTLP_TRANSPORT);
}

/** Whether the agent has an instrumentation of its own that sends the lines of this library. */
export function isSentByAgent(library: string): boolean {
  return senders.has(library);
}
