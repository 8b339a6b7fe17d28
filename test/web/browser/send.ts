import assert from "node:assert/strict";
import type { TracesData } from "@clew/protocol/otlp/model";
import type { ServerProcess } from "../../harness/server-process.ts";
import { until } from "../../harness/until.ts";

/** Sends spans as an exporter does; they are visible a moment later. */
export async function send(server: ServerProcess, data: TracesData): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.ports.http}/v1/traces`, {
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
