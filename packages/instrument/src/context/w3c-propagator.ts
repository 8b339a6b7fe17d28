import { parseBaggage } from "@clew/protocol/context/baggage";
import { formatTraceparent, parseTraceparent } from "@clew/protocol/context/traceparent";
import { parseTracestate } from "@clew/protocol/context/tracestate";
import {
  type Context,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { attempt } from "../attempt.ts";
import { type Correlation, withBaggageMembers, withCorrelationIds } from "./correlation.ts";
import type { Egress } from "./egress.ts";
import { destinationIn } from "./outgoing.ts";
import { W3cTraceState } from "./w3c-trace-state.ts";

export const CONTEXT_HEADERS = ["traceparent", "tracestate", "baggage"] as const;

/** W3C Trace Context level 2 and W3C Baggage, to allowed destinations only. */
export class W3cPropagator implements TextMapPropagator {
  readonly #correlation: Correlation;
  readonly #egress: Egress;
  readonly #headerMap: ReadonlyMap<string, string>;

  /** `headerMap`: headers, lower case, whose value is an id, with its key. */
  constructor(correlation: Correlation, egress: Egress, headerMap: ReadonlyMap<string, string> = new Map()) {
    this.#correlation = correlation;
    this.#egress = egress;
    this.#headerMap = headerMap;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    attempt("context", () => this.#inject(context, carrier, setter));
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return attempt("context", () => this.#extract(context, carrier, getter)) ?? context;
  }

  fields(): string[] {
    return [...CONTEXT_HEADERS];
  }

  #inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const headers = traceHeaders(trace.getSpanContext(context));
    const own = destinationIn(context)?.baggage ?? baggageIn(carrier);
    const baggage = this.#correlation.headerOf(
      own === undefined ? context : withBaggageMembers(context, parseBaggage(own)),
    );
    if (baggage !== "") headers.push(["baggage", baggage]);
    if (headers.length === 0) return;
    if (this.#egress.allows(context)) {
      for (const [name, value] of headers) setter.set(carrier, name, value);
    } else {
      this.#egress.tell(
        context,
        headers.map(([name]) => name),
      );
    }
  }

  #extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const read = (name: string) => textOf(getter.get(carrier, name));
    let result = context;
    const parent = remoteSpan(read("traceparent"), read("tracestate"));
    if (parent !== undefined) result = trace.setSpanContext(result, parent);
    const baggage = read("baggage");
    if (baggage !== "") result = withBaggageMembers(result, parseBaggage(baggage));
    for (const [header, key] of this.#headerMap) {
      const id = read(header).trim();
      if (id !== "") result = withCorrelationIds(result, { [key]: id });
    }
    return result;
  }
}

/** The span that these headers name; undefined where `traceparent` does not count. */
export function remoteSpan(traceparent: string, tracestate: string): SpanContext | undefined {
  const parsed = traceparent === "" ? undefined : parseTraceparent(traceparent);
  if (parsed === undefined) return undefined;
  const { traceId, parentId: spanId, flags: traceFlags } = parsed;
  const members = tracestate === "" ? undefined : parseTracestate(tracestate);
  const state = members?.length ? { traceState: new W3cTraceState(members) } : {};
  return { traceId, spanId, traceFlags, isRemote: true, ...state };
}

function traceHeaders(span: SpanContext | undefined): [name: string, value: string][] {
  if (span === undefined || !isSpanContextValid(span)) return [];
  const { traceId, spanId: parentId, traceFlags: flags } = span;
  const headers: [string, string][] = [["traceparent", formatTraceparent({ traceId, parentId, flags })]];
  const tracestate = span.traceState?.serialize() ?? "";
  if (tracestate !== "") headers.push(["tracestate", tracestate]);
  return headers;
}

/** A `baggage` header that the agent put into the request itself: its members go with ours, and before ours. */
function baggageIn(carrier: unknown): string | undefined {
  const { baggage } = (carrier ?? {}) as { baggage?: unknown };
  return typeof baggage === "string" ? baggage : undefined;
}

/** Several headers of one name are one list. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(",") : value === undefined || value === null ? "" : String(value);
}
