import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import type { Span } from "@clew/protocol/otlp/model";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readGatewayConfig } from "../../config/read-gateway-config.ts";
import type { RequestFacts } from "../../metrics/request-facts.ts";
import { TextMetrics } from "../../metrics/text-metrics.ts";
import { Gateway } from "../gateway.ts";
import type { GatewayParts } from "../gateway-parts.ts";

const VERSION = "0.0.0";
const closing: (() => Promise<unknown> | unknown)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

/** A configuration from what would stand in the file; its listener is on a free port. */
export function configOf(section: Readonly<Record<string, unknown>>): GatewayConfig {
  const value = { listeners: [{ port: "0" }], ...section };
  const where = () => "test";
  return readGatewayConfig({ section: { value, where, folder: "/" }, env: {}, cwd: "/", exporters: [] });
}

export interface TestGateway {
  readonly url: string;
  readonly gateway: Gateway;
  readonly parts: GatewayParts;
  /** Of requests that are over. */
  readonly spans: Span[];
  readonly facts: RequestFacts[];
  /** What the gateway itself did wrong. */
  readonly faults: unknown[];
  /** Resolves when so many requests are over. */
  over(count: number): Promise<void>;
}

/** A gateway on a real socket, closed after the tests of the file. */
export async function startGateway(section: Readonly<Record<string, unknown>>): Promise<TestGateway> {
  const spans: Span[] = [];
  const facts: RequestFacts[] = [];
  const faults: unknown[] = [];
  let waiting: (() => void)[] = [];
  const quiet = () => undefined;
  const parts: GatewayParts = {
    sink: { add: ({ span }) => spans.push(span), flush: async () => undefined, close: async () => undefined },
    metrics: new TextMetrics(),
    accessLog: (fact) => {
      facts.push(fact);
      // The span of the request follows in the same turn.
      queueMicrotask(() => {
        const told = waiting;
        waiting = [];
        for (const tell of told) tell();
      });
    },
    recorder: undefined,
    replayer: undefined,
    cost: () => undefined,
    log: { debug: quiet, info: quiet, warn: quiet, error: (said: unknown) => faults.push(said) },
  };
  const gateway = await Gateway.start(configOf(section), parts, VERSION);
  closing.push(() => gateway.close());
  const over = async (count: number): Promise<void> => {
    while (facts.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { url: gateway.urls[0] ?? "", gateway, parts, spans, facts, faults, over };
}

/** A server that answers as told, closed after the tests of the file. Its URL has no path. */
export async function startUpstream(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Whether it broke off before its end. */
  readonly isCutOff: boolean;
}

export interface Asked {
  readonly method?: string;
  /** Instead of the URL's, as it stands: a URL is tidied up. */
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders | readonly string[];
  readonly body?: string | Uint8Array;
}

/** One request over a connection of its own. */
export function ask(url: string, { method, path, headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ agent: false, method: method ?? (body === undefined ? "GET" : "POST"), headers },
      ...(path !== undefined && { path }),
    } as http.RequestOptions;
    const request = http.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      const { statusCode: status = 0, headers: got } = response;
      const end = (isCutOff: boolean): void =>
        resolve({ status, headers: got, body: Buffer.concat(chunks).toString(), isCutOff });
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => end(false));
      response.once("error", () => end(true));
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** A chat request as a client of OpenAI's API sends it. */
export function chat(model = "gpt-5", more: Readonly<Record<string, unknown>> = {}): Asked {
  return {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hi" }], ...more }),
  };
}

/** The value of an attribute, whatever its type. */
export function attribute(span: Span | undefined, key: string): unknown {
  const value = span?.attributes?.find((each) => each.key === key)?.value;
  return value === undefined ? undefined : Object.values(value)[0];
}

export const SERVER = 2;
export const CLIENT = 3;
