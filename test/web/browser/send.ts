import assert from "node:assert/strict";
import type { LogsData, MetricsData, TracesData } from "@clew/protocol/otlp/model";
import type { ServerProcess } from "../../harness/server-process.ts";
import { until } from "../../harness/until.ts";

/** Sends spans as an exporter does; they are visible a moment later. */
export function send(server: ServerProcess, data: TracesData): Promise<void> {
  return post(server, "traces", data);
}

/** The same with log records. */
export function sendLogs(server: ServerProcess, data: LogsData): Promise<void> {
  return post(server, "logs", data);
}

/** The same with points of metrics. */
export function sendMetrics(server: ServerProcess, data: MetricsData): Promise<void> {
  return post(server, "metrics", data);
}

async function post(server: ServerProcess, signal: string, data: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.ports.http}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(data),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Sends them and waits until so many spans of the trace are visible. */
export async function sendAndSee(
  server: ServerProcess,
  traceId: string,
  data: TracesData,
  spans: number,
): Promise<void> {
  await send(server, data);
  await until(`${spans} spans of ${traceId}`, async () => (await server.api.trace(traceId)).n >= spans);
}
