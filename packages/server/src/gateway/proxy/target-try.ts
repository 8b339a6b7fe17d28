import type { IncomingMessage } from "node:http";
import type { KeyValue, SpanEvent } from "@clew/protocol/otlp/model";
import type { Route, Target } from "../config/gateway-config.ts";
import { randomSpanId } from "../context/random-ids.ts";
import { traceparentOf } from "../context/request-context.ts";
import { nowNs } from "../spans/clock.ts";
import { clientSpan, type SpanError, sharedAttributes } from "../spans/http-span.ts";
import type { CallResponse, ResponseReader } from "../understand/call.ts";
import { callAttributes } from "../understand/call-attributes.ts";
import { responseReader } from "../understand/response-reader.ts";
import { withContext } from "../understand/with-context.ts";
import type { Exchange } from "./exchange.ts";
import { answerHeaders, sentHeaders } from "./headers.ts";
import type { OwnAnswer } from "./own-answer.ts";
import { relay } from "./relay.ts";
import { declaredLength, hasBody } from "./request-body.ts";
import { pathBelow, upstreamPath } from "./request-path.ts";
import type { TryOutcome } from "./try-budget.ts";
import type { UpstreamPool } from "./upstream-pool.ts";
import { type TryFailure, UpstreamTry } from "./upstream-try.ts";

export type TryReason = "retry" | "fallback" | undefined;

export interface TargetTryInput {
  readonly exchange: Exchange;
  readonly target: Target;
  readonly route: Route;
  /** 0 for the first of a request. */
  readonly number: number;
  /** Why there is another try. */
  readonly reason: TryReason;
}

/** One try of one target, with its CLIENT span. Ends with either `passOn` or `discard`. */
export class TargetTry {
  readonly #input: TargetTryInput;
  readonly #pool: UpstreamPool;
  readonly #spanId = randomSpanId();
  readonly #startNs = nowNs();
  readonly #try: UpstreamTry | undefined;
  #response: IncomingMessage | undefined;
  #failure: TryFailure | undefined;
  #reader: ResponseReader | undefined;
  #firstByteNs: bigint | undefined;
  #isTold = false;

  constructor(input: TargetTryInput) {
    this.#input = input;
    const { exchange, target } = input;
    this.#pool = exchange.input.setup.pool(target.upstream);
    exchange.report.tries += 1;
    exchange.report.upstream = target.upstream;
    if (this.#pool.isFull) {
      const { name, maxRequests } = this.#pool.upstream;
      const message = `${name}: ${maxRequests} requests are under way, which is its limit`;
      this.#failure = { type: "upstream_busy", message, isUnsent: true, isStale: false };
      return;
    }
    if (this.#pool.upstream.kind === "agent") {
      exchange.input.callers.began(this.#spanId, this.#pool.upstream.name);
    }
    this.#try = this.#send();
  }

  async outcome(): Promise<TryOutcome> {
    if (this.#try !== undefined) {
      const answer = await this.#try.answer;
      if ("type" in answer) this.#failure = answer;
      else this.#response = answer;
    }
    if (this.#response === undefined) return this.#failure ?? CANCELLED;
    return { status: this.#response.statusCode ?? 0, headers: this.#response.headers };
  }

  /** Ends it before the head of its answer has come. */
  cancel(): void {
    this.#try?.cancel();
  }

  /** Another try follows, or the client has left. */
  discard(): void {
    const { status, statusText } = { status: this.#response?.statusCode, statusText: "" };
    this.#response?.on("error", () => undefined);
    this.#try?.destroy();
    this.#end(undefined, this.#failure ?? errorOf(status, statusText));
  }

  /** The client gets what came; resolves when it has it. */
  async passOn(): Promise<void> {
    const { exchange } = this.#input;
    const { response: client, setup } = exchange.input;
    const response = this.#response;
    if (response === undefined) {
      const failure = this.#failure ?? CANCELLED;
      this.#end(undefined, failure);
      exchange.refuse(ownAnswerOf(failure));
      return;
    }
    const status = response.statusCode ?? 502;
    exchange.report.status = status;
    const { call, recording } = exchange;
    recording?.head(status, response.headers);
    if (call !== undefined) {
      this.#reader = responseReader(call, status, response.headers, this.#startNs, setup.capture);
    }
    client.writeHead(
      status,
      response.statusMessage ?? "",
      answerHeaders(response.rawHeaders, exchange.traceIdShown),
    );
    const how = await relay(response, client, this.#pool.upstream.idleTimeoutMs, {
      chunk: (bytes) => {
        exchange.report.responseBytes += bytes.length;
        const now = nowNs();
        this.#firstByteNs ??= now - this.#startNs;
        this.#reader?.chunk(bytes, now);
        recording?.chunk(bytes);
      },
    });
    if (how === "whole") recording?.end();
    const result = this.#reader?.end(nowNs());
    const error =
      how === "whole" ? (result?.error ?? errorOf(status, response.statusMessage)) : RELAY_ERRORS[how];
    if (error !== undefined) exchange.report.failed(error);
    this.#end(result, error);
  }

  #send(): UpstreamTry {
    const { exchange, route, target } = this.#input;
    const { request, target: at, tokenHeader, via } = exchange.input;
    const { body } = exchange;
    const rest = route.stripPath ? (pathBelow(route.path, at.path) ?? at.path) : at.path;
    const path = upstreamPath(this.#pool.upstream.url.pathname, rest) + at.query;
    const context = this.#pool.takesContext ? exchange.context : undefined;
    const chunks = body?.isWhole === true ? this.#bodyToSend(body.chunks, target) : (body?.chunks ?? []);
    const isWhole = body?.isWhole === true || !hasBody(request);
    const length = isWhole ? sizeOf(chunks) : (declaredLength(request) ?? "chunked");
    const given = request.headers.via;
    const headers = sentHeaders({
      raw: request.rawHeaders,
      host: this.#pool.hostHeader,
      context,
      spanId: this.#spanId,
      own: this.#ownHeaders(),
      tokenHeader,
      via: given === undefined ? via : `${given}, ${via}`,
      body: hasBody(request) || request.headers["content-length"] !== undefined ? length : undefined,
    });
    return new UpstreamTry({
      pool: this.#pool,
      method: request.method ?? "GET",
      path,
      headers,
      body: chunks,
      rest: isWhole ? undefined : request,
    });
  }

  /** What is recorded has to be readable. */
  #ownHeaders(): ReadonlyMap<string, string> {
    const own = this.#pool.upstream.headers;
    return this.#input.exchange.recording === undefined
      ? own
      : new Map([...own, ["accept-encoding", "identity"]]);
  }

  #bodyToSend(chunks: readonly Uint8Array[], _target: Target): readonly Uint8Array[] {
    const { call, context } = this.#input.exchange;
    if (!this.#pool.takesContext || (call?.api !== "mcp" && call?.api !== "a2a")) return chunks;
    const sent = {
      traceparent: traceparentOf(context, this.#spanId),
      tracestate: context.tracestate === "" ? undefined : context.tracestate,
      baggage: context.baggage,
    };
    return [withContext(call.api, Buffer.concat(chunks), sent)];
  }

  #end(result: CallResponse | undefined, error: SpanError | undefined): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { exchange, target, route, number, reason } = this.#input;
    const { context, call } = exchange;
    const { setup, request, callers } = exchange.input;
    const { parts, maker } = setup;
    const endNs = nowNs();
    callers.ended(this.#spanId);
    const attributesOfCall =
      call === undefined ? [] : callAttributes(call, result, parts.cost, this.#pool.host);
    exchange.report.called(call, result, attributesOfCall);
    parts.metrics.tried({
      route: route.name,
      upstream: target.upstream,
      status: this.#response?.statusCode,
      errorType: error?.type,
      durationMs: Number(endNs - this.#startNs) / 1e6,
      because: reason,
    });
    if (!context.sampled) return;
    const { kind, name } = this.#pool.upstream;
    const attributes = sharedAttributes(maker, context, request)
      .text("http.request.method", request.method)
      .text("server.address", this.#pool.host)
      .whole("server.port", this.#pool.port)
      .text("peer.service", name)
      .whole("http.response.status_code", this.#response?.statusCode)
      .whole("http.request.resend_count", number === 0 ? undefined : number)
      .text("clew.gateway.try", reason)
      .double("clew.gateway.time_to_first_byte_s", seconds(this.#firstByteNs));
    if (kind === "agent") {
      attributes.text("gen_ai.operation.name", "invoke_agent").text("gen_ai.agent.name", name);
    }
    attributes.all(attributesOfCall);
    const span = clientSpan(
      context,
      this.#spanId,
      call?.name ?? (kind === "agent" ? `invoke_agent ${name}` : `${request.method} ${name}`),
      { startNs: this.#startNs, endNs },
      attributes,
      error,
      this.#events(),
    );
    parts.sink.add({ span, resource: maker.resource, scope: maker.scope });
  }

  /** What was withheld is told. */
  #events(): SpanEvent[] {
    if (this.#pool.takesContext || this.#try === undefined) return [];
    const { context } = this.#input.exchange;
    const withheld = ["traceparent"];
    if (context.tracestate !== "") withheld.push("tracestate");
    if (context.baggage !== undefined) withheld.push("baggage");
    const attributes: KeyValue[] = [
      { key: "server.address", value: { stringValue: this.#pool.host } },
      {
        key: "clew.withheld",
        value: { arrayValue: { values: withheld.map((stringValue) => ({ stringValue })) } },
      },
    ];
    return [{ name: "clew.context_withheld", timeUnixNano: String(this.#startNs), attributes }];
  }
}

const CANCELLED: TryFailure = {
  type: "cancelled",
  message: "the client left",
  isUnsent: true,
  isStale: false,
};

const RELAY_ERRORS: Readonly<Record<"upstream_reset" | "idle_timeout" | "cancelled", SpanError>> = {
  upstream_reset: { type: "connection_reset", message: "the upstream broke off in the middle of its answer" },
  idle_timeout: { type: "timeout", message: "the upstream stopped in the middle of its answer" },
  cancelled: { type: "cancelled", message: "the client left before the end of the answer" },
};

function errorOf(status: number | undefined, text: string | undefined): SpanError | undefined {
  if (status === undefined || status < 400) return undefined;
  return { type: String(status), message: text === undefined || text === "" ? `HTTP ${status}` : text };
}

function ownAnswerOf({ type, message }: TryFailure): OwnAnswer {
  const said = { code: type, message: `The gateway got no answer. ${message}` };
  if (type === "upstream_busy") return { status: 503, ...said, retryAfterSeconds: 1 };
  return { status: type === "timeout" || type === "connect_timeout" ? 504 : 502, ...said };
}

function seconds(ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns) / 1e9;
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
