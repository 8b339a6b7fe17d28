import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TracesData } from "@clew/protocol/otlp/model";
import { CompatibleQueries } from "../../../query/compatible/compatible-queries.ts";
import { LiveTraces } from "../../../query/live-traces.ts";
import { Queries } from "../../../query/queries.ts";
import { ingest } from "../../../query/testing/ingest.ts";
import { openTestStore } from "../../../query/testing/test-store.ts";
import { openEmbedded } from "../../../store/clickhouse-store.ts";
import type { ApiOptions } from "../../api-options.ts";
import { type Served, serveApi } from "../../testing/serve-api.ts";

export interface ServedCompatible {
  /** The server's errors that are faults of its own. */
  readonly logged: readonly object[];
  /** Brings OTLP into the store. */
  send(data: TracesData): Promise<void>;
  /** An answer with its body as text. */
  ask(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; type: string; body: string }>;
  /** The document of an answer that is a success. */
  json(path: string): Promise<unknown>;
  bytes(path: string, headers: Record<string, string>): Promise<Uint8Array>;
  /** Another server on the same store, whose answers may hold less spans. */
  another(options: Partial<ApiOptions> & { readonly mostSpans?: number }): Promise<Served>;
  close(): Promise<void>;
}

/** The API with an empty store behind it, on a port of its own. */
export async function serveCompatible(): Promise<ServedCompatible> {
  const opened = await openTestStore(openEmbedded);
  const { store } = opened;
  const running: Served[] = [];
  const another: ServedCompatible["another"] = async ({ mostSpans, ...options }) => {
    const queries = new Queries(store);
    const compatible = new CompatibleQueries(store, mostSpans === undefined ? {} : { mostSpans });
    const served = await serveApi({ queries, compatible, live: new LiveTraces(store), ...options });
    running.push(served);
    return served;
  };
  const { url, logged } = await another({});
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });
  return {
    logged,
    another,
    send: (data) => ingest(store, "traces", data),
    ask: async (path, headers) => {
      const answer = await get(path, headers);
      const type = answer.headers.get("content-type") ?? "";
      return { status: answer.status, type, body: await answer.text() };
    },
    json: async (path) => {
      const answer = await get(path);
      const body = await answer.text();
      assert.equal(answer.status, 200, `${path}: ${body}`);
      assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
      return JSON.parse(body) as unknown;
    },
    bytes: async (path, headers) => new Uint8Array(await (await get(path, headers)).arrayBuffer()),
    close: async () => {
      for (const one of running) await one.close();
      await opened.close();
    },
  };
}

/** A recorded document beside a test. */
export function recorded(testUrl: string, name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, testUrl), "utf8"));
}
