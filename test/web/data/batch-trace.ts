import type { LogsData } from "@clew/protocol/otlp/model";
import { attributesOf, nanos, TraceBuilder } from "./span-builder.ts";

export const BATCH_SPANS = 23;

/** An agent that looks up orders one after the other, one of which fails, waits for 20 s, and calls a model. */
export function batchTrace(startMs: number): TraceBuilder & { readonly failed: string } {
  const trace = new TraceBuilder(startMs);
  const tool = (at: number, took: number, error?: string): string =>
    trace.add({
      ...{ name: "execute_tool lookup", service: "batch", parent: root, at, took },
      attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup" },
      ...(error !== undefined && { error }),
    });
  const root = trace.add({
    ...{ name: "invoke_agent batch", service: "batch", at: 0, took: 26_000 },
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "batch" },
  });
  for (let turn = 0; turn < 10; turn++) tool(100 + turn * 200, 50 + turn * 12);
  const failed = tool(2100, 400, "no such order");
  for (let turn = 0; turn < 10; turn++) tool(2500 + turn * 50, 40);
  trace.add({
    ...{ name: "chat gpt-5.1", service: "batch", parent: root, at: 23_000, took: 3000, kind: 3 },
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5.1",
      "gen_ai.agent.name": "batch",
      "gen_ai.usage.input_tokens": 1200,
      "gen_ai.usage.output_tokens": 300,
    },
  });
  return Object.assign(trace, { failed });
}

/** Forty records of the trace, one of which says why the order failed. */
export function batchLogs(trace: TraceBuilder, failed: string): LogsData {
  const record = (at: number, severityNumber: number, body: string, spanId?: string) => ({
    timeUnixNano: nanos(trace.startMs + at),
    severityNumber,
    traceId: trace.traceId,
    ...(spanId !== undefined && { spanId }),
    body: { stringValue: body },
  });
  const logRecords = Array.from({ length: 39 }, (_, at) => record(100 + at * 60, 9, `looked up ${at}`));
  logRecords.push(record(2400, 17, "order 4711 does not exist", failed));
  return {
    resourceLogs: [
      {
        resource: { attributes: attributesOf({ "service.name": "batch" }) },
        scopeLogs: [{ scope: { name: "winston" }, logRecords }],
      },
    ],
  };
}
