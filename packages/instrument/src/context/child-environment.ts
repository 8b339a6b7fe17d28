import { type Context, propagation } from "@opentelemetry/api";
import { withDestination } from "./outgoing.ts";

/** Variables that carry context into a process, as OpenTelemetry names them. */
export const CARRIER_NAMES = ["TRACEPARENT", "TRACESTATE", "BAGGAGE"] as const;

/** Without a value: the variable must not be inherited, for it belongs to another context. */
export type Carrier = Readonly<Record<(typeof CARRIER_NAMES)[number], string | undefined>>;

/** What a process that is started in this context gets; undefined where there is no trace to continue. */
export function carrierOf(context: Context): Carrier | undefined {
  const headers: Record<string, string> = {};
  propagation.inject(withDestination(context, "localhost"), headers);
  const { traceparent, tracestate, baggage } = headers;
  if (traceparent === undefined && baggage === undefined) return undefined;
  return { TRACEPARENT: traceparent, TRACESTATE: tracestate, BAGGAGE: baggage };
}

/**
 * What to add to the environment of a child so that it is traced as its parent is, beside the context. Whoever
 * starts a child with a short environment of its own (as clients of MCP do) drops the preload with it; then it
 * gets the preload and where its spans go, but no variable that may hold a secret.
 *
 * `preload` is the URL by which `NODE_OPTIONS` loads it; nothing is added where `parent` does not load it so.
 */
export function inheritedVariables(
  parent: Readonly<Record<string, string | undefined>>,
  child: Readonly<Record<string, string | undefined>>,
  preload: string,
): Record<string, string> {
  if (child.NODE_OPTIONS !== undefined || !parent.NODE_OPTIONS?.includes(preload)) return {};
  const added: Record<string, string> = { NODE_OPTIONS: `--import=${preload}` };
  for (const [name, value] of Object.entries(parent)) {
    const isOurs = /^(CLEW|OTEL)_/.test(name) && !/HEADERS|TOKEN|KEY|SECRET|PASSWORD|CERTIFICATE/.test(name);
    if (isOurs && value !== undefined && child[name] === undefined) added[name] = value;
  }
  return added;
}

/**
 * Whether an agent chose the context of a child itself: what a child merely inherits, it did not choose.
 */
export function choosesContext(
  parent: Readonly<Record<string, string | undefined>>,
  child: Readonly<Record<string, string | undefined>>,
): boolean {
  return child.TRACEPARENT !== undefined && child.TRACEPARENT !== parent.TRACEPARENT;
}
