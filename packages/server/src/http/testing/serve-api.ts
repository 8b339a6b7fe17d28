import assert from "node:assert/strict";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError } from "@clew/protocol/api/api-error";
import { ApiClient } from "@clew/protocol/api/client";
import type { IngestEvent } from "@clew/protocol/api/ingest-event";
import { getRequestListener } from "@hono/node-server";
import { type Api, createApi } from "../api.ts";
import type { ApiOptions, IngestFeed } from "../api-options.ts";
import { MAX_HEAD_BYTES } from "../head-size.ts";

/** An ingest feed as the receivers keep one. */
export class Feed implements IngestFeed {
  readonly #events: IngestEvent[] = [];
  readonly #listeners = new Set<(event: IngestEvent) => void>();

  add(hint: string): void {
    const event: IngestEvent = {
      seq: this.#events.length + 1,
      atMs: 1,
      ok: false,
      code: 415,
      transport: "http",
      path: "/v1/traces",
      contentType: "text/plain",
      records: 0,
      rejected: 0,
      service: "",
      hint,
    };
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  recent(): readonly IngestEvent[] {
    return this.#events;
  }

  subscribe(listener: (event: IngestEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  counters() {
    const none = { requests: 0, records: 0, rejected: 0 };
    return { sinceMs: 1, signals: { traces: none, logs: none, metrics: none }, refusals: [], sources: [] };
  }
}

export interface Served {
  readonly api: Api;
  readonly url: string;
  readonly client: ApiClient;
  readonly feed: Feed;
  readonly logged: object[];
  close(): Promise<void>;
}

/** The API on a port of its own; what it needs of a store comes with the options. */
export async function serveApi(
  options: Pick<ApiOptions, "queries" | "live"> & Partial<ApiOptions>,
): Promise<Served> {
  const feed = new Feed();
  const logged: object[] = [];
  const say = () => undefined;
  const api = createApi({
    ingest: feed,
    version: "1.2.3",
    otlp: () => ({ http: "http://127.0.0.1:4318", auth: false }),
    isReady: () => true,
    log: {
      debug: say,
      info: say,
      warn: say,
      error: (details: object) => logged.push(details),
    } as unknown as ApiOptions["log"],
    ...options,
  });
  const listener = getRequestListener((request) => api.fetch(request), { overrideGlobalObjects: false });
  const server: Server = createServer(
    { maxHeaderSize: MAX_HEAD_BYTES },
    (request, response) => void listener(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { token } = options;
  return {
    api,
    url,
    client: new ApiClient({ baseUrl: url, ...(token !== undefined && { token }) }),
    feed,
    logged,
    close: async () => {
      api.close();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A request with exactly these headers, which `fetch` does not allow. */
export function raw(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, method, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
    });
    request.on("error", reject).end();
  });
}

/** The error that the server answered with. */
export async function refusal(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, String(error));
  return error;
}
