import type { KeyValue, SpanEvent } from "@clew/protocol/otlp/model";
import { nowNs } from "../spans/clock.ts";
import { clientSpan, configuredAttributes, type SpanError } from "../spans/http-span.ts";
import type { CallResponse } from "../understand/call.ts";
import { callAttributes } from "../understand/call-attributes.ts";
import type { TargetTryInput } from "./target-try.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

export interface FinishedTry {
  readonly input: TargetTryInput;
  readonly pool: UpstreamPool;
  readonly spanId: string;
  readonly startNs: bigint;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly firstByteNs: bigint | undefined;
  /** What the answer says, where it was read. */
  readonly result: CallResponse | undefined;
  readonly error: SpanError | undefined;
  /** Whether something was sent to the upstream at all. */
  readonly wasSent: boolean;
  readonly isReplayed: boolean;
}

/** Tells of a try that is over: its figures, and its CLIENT span where the trace is sampled. */
export function reportTry(finished: FinishedTry): void {
  const { input, pool, startNs, result, error } = finished;
  const { exchange, target, route, reason } = input;
  const { call, context } = exchange;
  const { parts, maker } = exchange.input.setup;
  const endNs = nowNs();
  const place = { host: pool.host, provider: pool.upstream.provider, content: context.sampled };
  const said = call === undefined ? [] : callAttributes(call, result, parts.cost, place);
  exchange.report.called(call, result, said);
  if (!finished.isReplayed) {
    parts.metrics.tried({
      route: route.name,
      upstream: target.upstream,
      status: finished.status,
      errorType: error?.type,
      durationMs: Number(endNs - startNs) / 1e6,
      because: reason,
    });
  }
  if (!context.sampled) return;
  const { kind, name } = pool.upstream;
  const ofAgent = kind === "agent" ? `invoke_agent ${name}` : undefined;
  const span = clientSpan(
    context,
    finished.spanId,
    call?.name ?? ofAgent ?? `${exchange.input.request.method} ${name}`,
    { startNs, endNs },
    attributesOf(finished, said),
    error,
    withheld(finished),
  );
  parts.sink.add({ span, resource: maker.resource, scope: maker.scope });
}

/** What is said later of the same key counts: the configuration's, then what the call says, then its ids. */
function attributesOf(finished: FinishedTry, said: readonly KeyValue[]) {
  const { input, pool, status, firstByteNs, isReplayed } = finished;
  const { exchange, number, reason } = input;
  const { request, setup } = exchange.input;
  const { kind, name } = pool.upstream;
  const attributes = configuredAttributes(setup.maker, request)
    .text("http.request.method", request.method)
    .text("server.address", pool.host)
    .whole("server.port", pool.port)
    .text("peer.service", name)
    .whole("http.response.status_code", status)
    .whole("http.request.resend_count", number === 0 ? undefined : number)
    .text("clew.gateway.try", reason)
    .truth("clew.gateway.replayed", isReplayed || undefined)
    .double(
      "clew.response.time_to_first_byte",
      firstByteNs === undefined ? undefined : Number(firstByteNs) / 1e9,
    );
  if (kind === "agent") {
    attributes.text("gen_ai.operation.name", "invoke_agent").text("gen_ai.agent.name", name);
  }
  attributes.all(said);
  for (const [key, value] of Object.entries(exchange.context.ids)) attributes.text(key, value);
  return attributes;
}

/** Trace context that did not go to the upstream is told, once a try. */
function withheld({ input, pool, startNs, wasSent }: FinishedTry): SpanEvent[] {
  if (pool.takesContext || !wasSent) return [];
  const { tracestate, baggage } = input.exchange.context;
  const headers = ["traceparent"];
  if (tracestate !== "") headers.push("tracestate");
  if (baggage !== undefined) headers.push("baggage");
  const values = headers.map((stringValue) => ({ stringValue }));
  const attributes: KeyValue[] = [
    { key: "server.address", value: { stringValue: pool.host } },
    { key: "clew.withheld", value: { arrayValue: { values } } },
  ];
  return [{ name: "clew.context_withheld", timeUnixNano: String(startNs), attributes }];
}
