const PREFIX = "@opentelemetry/instrumentation-";

const senders = new Set<string>();

/** Takes the name of a tracer that somebody asks for: instrumentations ask for one by their own names. */
export function seeTracer(name: string): void {
  if (name.startsWith(PREFIX)) senders.add(name.slice(PREFIX.length));
}

/** Whether the agent has an instrumentation of its own that sends the lines of this library. */
export function isSentByAgent(library: string): boolean {
  return senders.has(library);
}
