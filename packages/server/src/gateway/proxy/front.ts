import type { IncomingMessage, ServerResponse } from "node:http";
import type { Listener } from "../config/gateway-config.ts";
import { strangersPage } from "./browser-guard.ts";
import type { Callers } from "./callers.ts";
import { Exchange } from "./exchange.ts";
import { type OwnAnswer, sendOwnAnswer } from "./own-answer.ts";
import { requestPath } from "./request-path.ts";
import type { Setup } from "./setup.ts";
import { TokenCheck } from "./token-check.ts";

export interface FrontOptions {
  readonly listener: Listener;
  /** The one that new requests get. */
  readonly setup: () => Setup;
  readonly callers: Callers;
  readonly load: Load;
  readonly isClosing: () => boolean;
  /** Of this process in `Via`. */
  readonly via: string;
}

/** Requests under way, of all listeners. */
export interface Load {
  active: number;
}

/** As often as this may a request come by again before it is taken for one that goes round in circles. */
const MAX_PASSES = 16;
const OVERLOADED: OwnAnswer = {
  status: 503,
  code: "overloaded",
  message:
    "The gateway has as many requests under way as it may (limits.max_requests); try again in a moment",
  retryAfterSeconds: 1,
};

/** What a listener does with a request before it is one of the gateway's: its own pages, who may come in, how many. */
export class Front {
  readonly #options: FrontOptions;
  readonly #token: TokenCheck | undefined;

  constructor(options: FrontOptions) {
    this.#options = options;
    const { token } = options.listener;
    this.#token = token === undefined ? undefined : new TokenCheck(token);
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.on("error", () => undefined);
    const { listener, isClosing, load, callers, via } = this.#options;
    const setup = this.#options.setup();
    if (isClosing()) response.setHeader("connection", "close");
    if (this.#isHealthCheck(request, response)) return;
    const tokenHeader = this.#token?.headerOf(request.headers);
    const refusal = this.#refusalOf(request, tokenHeader);
    const target = requestPath(request.url ?? "");
    if (refusal !== undefined || target === undefined) {
      sendOwnAnswer(response, refusal ?? BAD_PATH, undefined);
      return;
    }
    if (target.path === "/metrics" && request.method === "GET") {
      sendMetrics(response, setup);
      return;
    }
    const exchange = new Exchange({
      ...{ request, response, target, setup, callers, tokenHeader, via },
      listener: listener.name,
    });
    load.active += 1;
    const isTooMuch = load.active > setup.config.limits.maxRequests;
    void exchange.run(isTooMuch ? OVERLOADED : this.#loop(request)).then(() => {
      load.active -= 1;
    });
  };

  #isHealthCheck({ method, url }: IncomingMessage, response: ServerResponse): boolean {
    if (method !== "GET" || (url !== "/healthz" && url !== "/readyz")) return false;
    const isReady = url === "/healthz" || !this.#options.isClosing();
    response
      .writeHead(isReady ? 200 : 503, { "content-type": "text/plain" })
      .end(isReady ? "ok\n" : "closing\n");
    return true;
  }

  #refusalOf({ headers }: IncomingMessage, tokenHeader: string | undefined): OwnAnswer | undefined {
    const { listener } = this.#options;
    if (this.#token !== undefined) return tokenHeader === undefined ? UNAUTHORIZED : undefined;
    const stranger = strangersPage(headers, listener.origins);
    if (stranger === undefined) return undefined;
    const what = stranger === "host" ? `the name ${headers.host}` : `pages of ${headers.origin}`;
    const message = `The gateway doesn't serve ${what}: name the origin in origins of the listener, or set a token`;
    return { status: 403, code: `${stranger}_not_allowed`, message };
  }

  #loop({ headers }: IncomingMessage): OwnAnswer | undefined {
    const { via } = headers;
    if (via === undefined || via.split(this.#options.via).length <= MAX_PASSES) return undefined;
    const message = "The request goes round in circles: an upstream of this gateway sends it back to it";
    return { status: 508, code: "loop", message };
  }
}

const BAD_PATH: OwnAnswer = {
  status: 400,
  code: "bad_path",
  message: "The path must be absolute and without . and .. in it",
};
const UNAUTHORIZED: OwnAnswer = {
  status: 401,
  code: "unauthorized",
  message:
    "The gateway asks for its token: as x-clew-token, or where the client has its key (Authorization: Bearer, x-api-key)",
};

function sendMetrics(response: ServerResponse, setup: Setup): void {
  const body = setup.parts.metrics.text();
  response.writeHead(200, {
    "content-type": "text/plain; version=0.0.4; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
