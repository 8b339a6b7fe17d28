import { type Context, createContextKey, type Span, SpanKind, trace } from "@opentelemetry/api";

/** Where a request goes and what it carried before context is added to it. */
interface Outgoing {
  readonly host: string;
  /** A `baggage` header that the agent wrote itself. */
  readonly baggage?: string;
}

/** What an SDK's span has beyond the API's. */
interface Readable {
  readonly kind?: SpanKind;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Spans that are not recorded have no attributes: who starts one for a request says here where it goes. */
const outgoing = new WeakMap<Span, Outgoing>();

/** Says to which host, a name or an address without a port, the request of this span goes. */
export function setDestination(span: Span, host: string, baggage?: string): void {
  outgoing.set(span, baggage === undefined ? { host } : { host, baggage });
}

const DESTINATION = createContextKey("clew.destination");

/** For one injection: what is injected in this context goes to this host, whatever its span says. */
export function withDestination(context: Context, host: string): Context {
  return context.setValue(DESTINATION, host);
}

/** Undefined for work that is no request to a host, or to one that nobody told. */
export function destinationIn(context: Context): Outgoing | undefined {
  const host = context.getValue(DESTINATION);
  if (typeof host === "string") return { host };
  const span = trace.getSpan(context);
  return span && destinationOf(span);
}

function destinationOf(span: Span): Outgoing | undefined {
  const told = outgoing.get(span);
  if (told !== undefined) return told;
  const { kind, attributes } = span as Readable;
  const host = attributes && hostIn(kind, attributes);
  return host === undefined ? undefined : { host };
}

/** The host that attributes of a request name. What a message carries is for its reader, not for the broker. */
export function hostIn(
  kind: SpanKind | undefined,
  attributes: Readonly<Record<string, unknown>>,
): string | undefined {
  const host = attributes["server.address"];
  if (kind !== SpanKind.CLIENT || typeof host !== "string" || host === "") return undefined;
  return attributes["messaging.system"] === undefined ? host : undefined;
}
