import http from "node:http";
import https from "node:https";
import type { AllowedDestinations } from "@clew/protocol/context/allowed-destinations";
import type { Upstream } from "../config/gateway-config.ts";

const MAX_IDLE_SOCKETS = 256;

/** Connections to one upstream, and how many requests are on them. */
export class UpstreamPool {
  readonly upstream: Upstream;
  readonly host: string;
  readonly port: number;
  /** Value of the `Host` header. */
  readonly hostHeader: string;
  readonly takesContext: boolean;
  active = 0;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  constructor(upstream: Upstream, allowed: AllowedDestinations) {
    const { url } = upstream;
    const isTls = url.protocol === "https:";
    this.upstream = upstream;
    this.host = url.hostname.replace(/^\[|\]$/g, "");
    this.port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
    this.hostHeader = url.host;
    this.takesContext = upstream.propagate ?? allowed.allows(this.host);
    const options = { keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS, scheduling: "lifo" } as const;
    this.#agent = isTls ? new https.Agent(options) : new http.Agent(options);
    this.#request = isTls ? https.request : http.request;
  }

  get isFull(): boolean {
    return this.active >= this.upstream.maxRequests;
  }

  request(method: string, path: string, headers: string[]): http.ClientRequest {
    return this.#request({
      ...{ agent: this.#agent, host: this.host, port: this.port },
      ...{ method, path, headers, setHost: false },
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
