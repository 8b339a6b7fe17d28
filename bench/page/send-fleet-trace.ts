import { fleetRequests } from "../fleet-requests.ts";
import { sleep } from "../progress.ts";
import type { ServerProcess } from "../server-process.ts";

/** Old enough that the page does not follow it. */
const AGE_MS = 3_600_000;
const POLL_MS = 100;
const TIMEOUT_MS = 120_000;

let made = 0;

export interface SentFleetTrace {
  readonly id: string;
  readonly spans: number;
}

/** Resolves when all its spans can be queried. */
export async function sendFleetTrace(server: ServerProcess, spans: number): Promise<SentFleetTrace> {
  const id = (0xbe_0000 + ++made).toString(16).padEnd(32, "0");
  for (const body of fleetRequests(id, spans, Date.now() - AGE_MS)) {
    const { status } = await fetch(`http://127.0.0.1:${server.ports.http}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body,
    });
    if (status !== 200) throw new Error(`The server answered spans with ${status}`);
  }
  const until = performance.now() + TIMEOUT_MS;
  for (;;) {
    const trace = await server.api.trace(id).catch(() => undefined);
    if (trace !== undefined && trace.n >= spans) return { id, spans };
    if (performance.now() > until) throw new Error(`${trace?.n ?? 0} of ${spans} spans are visible`);
    await sleep(POLL_MS);
  }
}
