import type { IncomingMessage } from "node:http";
import type { Route, Target } from "../config/gateway-config.ts";
import { randomSpanId } from "../context/random-ids.ts";
import { traceparentOf } from "../context/request-context.ts";
import { nowNs } from "../spans/clock.ts";
import type { SpanError } from "../spans/http-span.ts";
import type { CallResponse, ResponseReader } from "../understand/call.ts";
import { responseReader } from "../understand/response-reader.ts";
import { withContext } from "../understand/with-context.ts";
import type { Exchange } from "./exchange.ts";
import { answerHeaders, sentHeaders } from "./headers.ts";
import { withTextMember } from "./json-member.ts";
import { relay } from "./relay.ts";
import { declaredLength, hasBody, joined, type RequestBody } from "./request-body.ts";
import { pathBelow, upstreamPath, withModelInPath } from "./request-path.ts";
import { answerOfFailure, CANCELLED, errorOfStatus, RELAY_ERRORS } from "./target-errors.ts";
import type { TryOutcome } from "./try-budget.ts";
import { reportTry } from "./try-report.ts";
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
    const response = this.#response;
    response?.on("error", () => undefined);
    this.#try?.destroy();
    this.#end(undefined, this.#failure ?? errorOfStatus(response?.statusCode, response?.statusMessage));
  }

  /** The client gets what came; resolves when it has it. */
  async passOn(): Promise<void> {
    const { exchange } = this.#input;
    const { response: client, setup } = exchange.input;
    const response = this.#response;
    if (response === undefined) {
      const failure = this.#failure ?? CANCELLED;
      this.#end(undefined, failure);
      exchange.refuse(answerOfFailure(failure));
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
      how === "whole" ? (result?.error ?? errorOfStatus(status, response.statusMessage)) : RELAY_ERRORS[how];
    if (error !== undefined) exchange.report.failed(error);
    this.#end(result, error);
  }

  #send(): UpstreamTry {
    const { exchange, route, target } = this.#input;
    const { request, target: at, tokenHeader, via } = exchange.input;
    const { body } = exchange;
    const rest = route.stripPath ? (pathBelow(route.path, at.path) ?? at.path) : at.path;
    const asked = target.model === undefined ? rest : withModelInPath(rest, target.model);
    const path = upstreamPath(this.#pool.upstream.url.pathname, asked) + at.query;
    const context = this.#pool.takesContext ? exchange.context : undefined;
    const chunks = body === undefined ? [] : this.#bodyToSend(body);
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

  /** The body with what this target and trace have changed in it. */
  #bodyToSend({ chunks, isWhole }: RequestBody): readonly Uint8Array[] {
    const { exchange, target } = this.#input;
    const { call, context } = exchange;
    if (!isWhole || call === undefined || isEncoded(exchange)) return chunks;
    if (target.model !== undefined) return [withTextMember(joined(chunks), "model", target.model)];
    if (!this.#pool.takesContext || (call.api !== "mcp" && call.api !== "a2a")) return chunks;
    const sent = {
      traceparent: traceparentOf(context, this.#spanId),
      tracestate: context.tracestate === "" ? undefined : context.tracestate,
      baggage: context.baggage,
    };
    return [withContext(call.api, joined(chunks), sent)];
  }

  #end(result: CallResponse | undefined, error: SpanError | undefined): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#input.exchange.input.callers.ended(this.#spanId);
    reportTry({
      ...{ input: this.#input, pool: this.#pool, spanId: this.#spanId, startNs: this.#startNs },
      status: this.#response?.statusCode,
      firstByteNs: this.#firstByteNs,
      ...{ result, error },
      wasSent: this.#try !== undefined,
      isReplayed: false,
    });
  }
}

function isEncoded({ input }: Exchange): boolean {
  const encoding = input.request.headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity";
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
