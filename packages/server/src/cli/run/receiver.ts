import type { ApiClient } from "@clew/protocol/api/client";

/**
 * What a program waits for a server that does not answer, before it starts. Long enough for a busy machine: a server
 * that is asked in vain is taken to be where servers usually are, and the traces of one that is not are lost.
 */
const SERVER_MS = 5000;
const DEFAULT_HTTP_PORT = 4318;

/** Where a server whose API is at `api` takes OTLP over HTTP, unless it says otherwise. */
export function usualReceiver(api: string): string {
  const endpoint = new URL(api);
  endpoint.port = String(DEFAULT_HTTP_PORT);
  return endpoint.origin;
}

/** Where the server takes OTLP over HTTP, for programs that reach its API at `api`. Rejects as the client does. */
export async function receiverOf(client: ApiClient, api: string): Promise<string> {
  const { otlp } = await client.setup({ signal: AbortSignal.timeout(SERVER_MS) });
  const endpoint = new URL(usualReceiver(api));
  if (otlp.http !== undefined) {
    const told = new URL(otlp.http);
    endpoint.protocol = told.protocol;
    endpoint.port = told.port;
  }
  return endpoint.origin;
}
