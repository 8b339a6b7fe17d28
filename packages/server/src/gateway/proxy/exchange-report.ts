import { CORRELATION_KEYS } from "@clew/protocol/context/correlation";
import type { KeyValue } from "@clew/protocol/otlp/model";
import type { Route } from "../config/gateway-config.ts";
import type { ModelFacts, RequestFacts } from "../metrics/request-facts.ts";
import { nowNs } from "../spans/clock.ts";
import { configuredAttributes, describeServer, type SpanError, serverSpan } from "../spans/http-span.ts";
import type { CallRequest, CallResponse } from "../understand/call.ts";
import type { Exchange } from "./exchange.ts";

const CLIENT_LEFT: SpanError = { type: "cancelled", message: "the client left before the end of the answer" };
/** What access logs say of a client that left before there was an answer. */
const CLIENT_LEFT_STATUS = 499;

const ID_KEYS = [...CORRELATION_KEYS.map(({ key }) => key), "gen_ai.conversation.id"];

/** What is known of a request by its end: its SERVER span, its figures and its line in the access log. */
export class ExchangeReport {
  route: Route | undefined;
  status = 0;
  tries = 0;
  upstream: string | undefined;
  requestBytes = 0;
  responseBytes = 0;
  isReplayed = false;
  #error: SpanError | undefined;
  #model: ModelFacts | undefined;
  #call: CallRequest | undefined;
  readonly #exchange: Exchange;
  readonly #startNs = nowNs();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    exchange.input.setup.parts.metrics.requestStarted(exchange.input.listener);
  }

  failed(error: SpanError): void {
    this.#error = error;
  }

  /** The last try is the one that counts. */
  called(
    call: CallRequest | undefined,
    result: CallResponse | undefined,
    attributes: readonly KeyValue[],
  ): void {
    this.#call = call;
    const operation = textOf(attributes, "gen_ai.operation.name");
    if (call?.model === undefined || operation === undefined) return;
    this.#model = {
      operation,
      provider: textOf(attributes, "gen_ai.provider.name") ?? "unknown",
      asked: call.model,
      answered: result?.model,
      streams: call.streams,
      tokens: result?.usage,
      costUsd: attributes.find(({ key }) => key === "gen_ai.usage.cost")?.value?.doubleValue as
        | number
        | undefined,
      firstChunkMs: milliseconds(result?.firstChunkNs),
      firstTokenMs: milliseconds(result?.firstTokenNs),
    };
  }

  finish(isGone: boolean): void {
    const { context, input } = this.#exchange;
    const { request, target, setup, callers } = input;
    if (isGone) this.#error = CLIENT_LEFT;
    if (this.status === 0) this.status = CLIENT_LEFT_STATUS;
    const endNs = nowNs();
    const agent = callers.agentOf(context.parentId);
    const facts = this.#facts(Number(endNs - this.#startNs) / 1e6, agent);
    setup.parts.metrics.requestEnded(facts);
    setup.parts.accessLog?.(facts);
    if (!context.sampled) return;
    const attributes = configuredAttributes(setup.maker, request);
    describeServer(attributes, request, target.path, this.route?.path);
    attributes
      .whole("http.response.status_code", this.status === CLIENT_LEFT_STATUS ? undefined : this.status)
      .text("clew.gateway.listener", input.listener)
      .text("clew.gateway.route", this.route?.name)
      .text("clew.gateway.upstream", this.upstream)
      .text("clew.gateway.caller", agent);
    for (const [key, value] of this.#ids()) attributes.text(key, value);
    const span = serverSpan(
      context,
      `${request.method} ${this.#namedPath()}`.trimEnd(),
      { startNs: this.#startNs, endNs },
      attributes,
      this.#error,
    );
    setup.parts.sink.add({ span, resource: setup.maker.resource, scope: setup.maker.scope });
  }

  /** Paths of the APIs of models are few; others are named by their route, which is one of few. */
  #namedPath(): string {
    const { path } = this.#exchange.input.target;
    const api = this.#call?.api;
    if (api?.startsWith("openai.") || api === "anthropic.messages") return path;
    return this.route?.path ?? "";
  }

  /** Those of the baggage, and those that the call itself names. */
  #ids(): [key: string, value: string][] {
    const { ids } = this.#exchange.context;
    const values = this.#call?.values;
    const found = Object.entries(ids);
    if (values === undefined) return found;
    for (const key of ID_KEYS) {
      const value = values[key];
      if (typeof value === "string" && ids[key] === undefined) found.push([key, value]);
    }
    return found;
  }

  #facts(durationMs: number, agent: string | undefined): RequestFacts {
    const { context, input } = this.#exchange;
    const ids = new Map(this.#ids());
    return {
      listener: input.listener,
      route: this.route?.name,
      method: input.request.method ?? "GET",
      path: input.target.path,
      status: this.status,
      errorType: this.#error?.type,
      durationMs,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      traceId: context.traceId,
      spanId: context.spanId,
      sampled: context.sampled,
      tries: this.tries,
      upstream: this.upstream,
      sessionId: ids.get("session.id"),
      taskId: ids.get("task.id"),
      testCaseId: ids.get("test.case.id"),
      agent,
      replayed: this.isReplayed ? true : undefined,
      model: this.#model,
    };
  }
}

function milliseconds(ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns) / 1e6;
}

function textOf(attributes: readonly KeyValue[], key: string): string | undefined {
  return attributes.find((attribute) => attribute.key === key)?.value?.stringValue;
}
