import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { KeyValue, Span } from "@clew/protocol/otlp/model";
import { text } from "./agent-spans.ts";

const SPANS_PER_REQUEST = 2000;
const OPERATIONS: Readonly<Record<string, string>> = {
  agent: "invoke_agent",
  llm: "chat",
  tool: "execute_tool",
};

/**
 * The trace of four agents in as many services that the analysis is measured with, as the requests that bring it, under
 * an id of its own. It ended at `endMs` of the Unix epoch.
 */
export function fleetRequests(traceId: string, spans: number, endMs: number): Uint8Array<ArrayBuffer>[] {
  const trace = fleetTrace(spans);
  const beginNs = BigInt(Math.round(endMs - trace.durMs)) * 1_000_000n;
  const byService = trace.dict.service.map((): Span[] => []);
  // It has some more: the last visit of an agent is whole there.
  for (let row = 0; row < spans; row++)
    byService[trace.service[row]!]!.push(spanOf(trace, row, traceId, beginNs));
  return byService.flatMap((all, service) => {
    const resource = { attributes: [text("service.name", trace.dict.service[service]!)] };
    const parts = Array.from({ length: Math.ceil(all.length / SPANS_PER_REQUEST) }, (_, part) =>
      all.slice(part * SPANS_PER_REQUEST, (part + 1) * SPANS_PER_REQUEST),
    );
    return parts.map((part) =>
      encodeOtlp("traces", {
        resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "agents" }, spans: part }] }],
      }),
    );
  });
}

function spanOf(trace: TraceColumns, row: number, traceId: string, beginNs: bigint): Span {
  const { dict } = trace;
  const begin = beginNs + BigInt(Math.round(trace.start[row]! * 1000));
  const parent = trace.parent[row]!;
  const hasFailed = trace.status[row] === 2;
  return {
    traceId,
    spanId: trace.id[row]!,
    ...(parent >= 0 && { parentSpanId: trace.id[parent]! }),
    name: dict.name[trace.name[row]!]!,
    kind: trace.kind[row]!,
    startTimeUnixNano: String(begin),
    endTimeUnixNano: String(begin + BigInt(Math.round(trace.dur[row]! * 1000))),
    attributes: attributesOf(trace, row),
    ...(hasFailed && { status: { code: 2, message: dict.err[trace.err[row]!]! } }),
  };
}

function attributesOf(trace: TraceColumns, row: number): KeyValue[] {
  const { dict } = trace;
  const whole = (key: string, value: number): KeyValue => ({ key, value: { intValue: String(value) } });
  const attributes: KeyValue[] = [];
  const operation = OPERATIONS[dict.type[trace.type[row]!]!];
  if (operation !== undefined) attributes.push(text("gen_ai.operation.name", operation));
  const agent = dict.agent[trace.agent[row]!];
  if (agent) attributes.push(text("gen_ai.agent.name", agent));
  const tool = dict.tool[trace.tool[row]!];
  if (tool) attributes.push(text("gen_ai.tool.name", tool));
  const model = dict.model[trace.model[row]!];
  if (model) {
    attributes.push(text("gen_ai.request.model", model), text("gen_ai.response.model", model));
    attributes.push(whole("gen_ai.usage.input_tokens", trace.tokIn[row]!));
    attributes.push(whole("gen_ai.usage.output_tokens", trace.tokOut[row]!));
  }
  if (trace.status[row] === 2) attributes.push(text("error.type", dict.err[trace.err[row]!]!));
  return attributes;
}
