import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Route, Target, UpstreamKind } from "../config/gateway-config.ts";
import { type RequestContext, requestContext } from "../context/request-context.ts";
import { missingAnswer } from "../record/missing-answer.ts";
import type { AnswerRecording } from "../record/recorder.ts";
import { apiOf } from "../understand/api-of.ts";
import type { CallRequest } from "../understand/call.ts";
import { readRequest } from "../understand/read-request.ts";
import type { Callers } from "./callers.ts";
import { ExchangeReport } from "./exchange-report.ts";
import { textMember } from "./json-member.ts";
import { type OwnAnswer, sendOwnAnswer } from "./own-answer.ts";
import { recordableCall } from "./recordable.ts";
import { replay } from "./replay.ts";
import { hasBody, joined, type RequestBody, readBody } from "./request-body.ts";
import type { RequestPath } from "./request-path.ts";
import { chooseTarget } from "./router.ts";
import type { Setup } from "./setup.ts";
import { TargetTry, type TryReason } from "./target-try.ts";
import { type NextStep, TryBudget } from "./try-budget.ts";

export interface ExchangeInput {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestPath;
  readonly listener: string;
  readonly setup: Setup;
  readonly callers: Callers;
  /** Header in which the gateway's own token came. */
  readonly tokenHeader: string | undefined;
  readonly via: string;
}

/** One request from its head to the end of its answer: route, tries, answer, report. */
export class Exchange {
  readonly input: ExchangeInput;
  context: RequestContext;
  readonly report: ExchangeReport;
  body: RequestBody | undefined;
  call: CallRequest | undefined;
  /** Of the answer that the client gets; begins with the request, so that it has the time to the first byte. */
  recording: AnswerRecording | undefined;
  #current: TargetTry | undefined;
  #isGone = false;
  #goneSignal: AbortController | undefined;

  constructor(input: ExchangeInput) {
    this.input = input;
    this.context = requestContext(input.request.headers, input.setup.config.tracing);
    this.report = new ExchangeReport(this);
  }

  /** Never rejects; resolves when the answer has been handed over or the client has left. */
  async run(refusal?: OwnAnswer): Promise<void> {
    const { response, setup } = this.input;
    setup.enter();
    response.once("close", () => {
      if (response.writableFinished) return;
      this.#isGone = true;
      this.#goneSignal?.abort();
      this.#current?.cancel();
    });
    try {
      if (refusal === undefined) await this.#serve();
      else this.refuse(refusal);
    } catch (error) {
      setup.parts.log.error({ error }, "the gateway failed to serve a request");
      if (response.headersSent) response.destroy();
      else
        this.refuse({ status: 500, code: "gateway_fault", message: "The gateway failed; its log says why" });
    } finally {
      this.recording?.abandon();
      if (this.body !== undefined) setup.bodies.give(this.body.taken);
      this.report.finish(this.#isGone);
      setup.leave();
    }
  }

  /** Answers instead of an upstream. */
  refuse(answer: OwnAnswer): void {
    this.report.failed({ type: answer.code, message: answer.message });
    if (this.#isGone) return;
    this.report.status = answer.status;
    sendOwnAnswer(this.input.response, answer, this.traceIdShown);
  }

  /** What the client may look for: only recorded traces can be found. */
  get traceIdShown(): string | undefined {
    return this.context.sampled ? this.context.traceId : undefined;
  }

  async #serve(): Promise<void> {
    const { request, target, setup } = this.input;
    const { headers, method = "GET" } = request;
    const api = apiOf(method, target.path, headers["content-type"]);
    const { router, config } = setup;
    if (api !== undefined && hasBody(request)) {
      const body = await readBody(request, config.limits.keptBodyBytes, setup.bodies);
      if (body === undefined) return;
      this.body = body.isWhole ? { ...body, chunks: [joined(body.chunks)] } : body;
      if (body.isWhole) this.report.requestBytes = sizeOf(body.chunks);
    }
    if (api !== undefined) {
      const whole = this.body?.isWhole === true ? this.body.chunks[0] : undefined;
      this.call = readRequest({ api, path: target.path, headers, body: whole }, setup.capture);
      this.#continueCarried();
    }
    const route = router.find(target.path, headers, this.call?.model ?? this.#modelInBeginning());
    this.report.route = route;
    if (route === undefined) this.refuse(this.#noRoute());
    else if (!(await this.#replayed(route))) await this.#tryTargets(route);
  }

  /** Messages of MCP and A2A carry a trace themselves; it counts where the headers carry none. */
  #continueCarried(): void {
    const { headers } = this.input.request;
    const carried = this.call?.carried;
    if (carried === undefined || headers.traceparent !== undefined) return;
    const { traceparent, tracestate, baggage = headers.baggage } = carried;
    const carrier = { ...headers, traceparent, tracestate, baggage };
    this.context = requestContext(carrier, this.input.setup.config.tracing);
  }

  /** Answers from a recording where there is one, or has to be one; or begins to record. */
  async #replayed(route: Route): Promise<boolean> {
    const { recorder, replayer } = this.input.setup.parts;
    if ((recorder ?? replayer) === undefined || this.call?.model === undefined) return false;
    const recordable = recordableCall(this);
    const answer = replayer?.answer(recordable);
    if (answer === "missing") this.refuse(missingAnswer(recordable));
    else if (answer !== undefined) await replay(this, route, answer, this.#gone);
    else if (recorder?.wants(recordable)) this.recording = recorder.open(recordable);
    return answer !== undefined;
  }

  async #tryTargets(route: Route): Promise<void> {
    const { setup } = this.input;
    const chosen = chooseTarget(route.targets, Math.random());
    const targets = chosen === undefined ? route.fallbacks : [chosen, ...route.fallbacks];
    let reason: TryReason;
    let number = 0;
    for (const [at, target] of targets.entries()) {
      const tries = new TryBudget(setup.pool(target.upstream).upstream.retries, at < targets.length - 1);
      for (let next: NextStep = "retry"; next !== "fallback"; number += 1) {
        const current = new TargetTry({ exchange: this, target, route, number, reason });
        this.#current = current;
        const outcome = await current.outcome();
        if (this.#isGone) {
          current.discard();
          return;
        }
        next = this.#isRepeatable ? tries.next(outcome, this.#kindOf(target), this.#method) : "pass_on";
        if (next === "pass_on") return await current.passOn();
        current.discard();
        reason = next === "fallback" ? "fallback" : "retry";
        if (tries.delayMs > 0 && next === "retry") {
          await sleep(tries.delayMs, undefined, { signal: this.#gone }).catch(() => undefined);
          if (this.#isGone) return;
        }
      }
    }
  }

  /** Of a body that was too large to be kept. */
  #modelInBeginning(): string | undefined {
    const { body } = this;
    if (body === undefined || body.isWhole || body.chunks.length === 0) return undefined;
    return textMember(joined(body.chunks), "model");
  }

  /** Aborted when the client has left. Most requests need none. */
  get #gone(): AbortSignal {
    this.#goneSignal ??= new AbortController();
    if (this.#isGone) this.#goneSignal.abort();
    return this.#goneSignal.signal;
  }

  get #method(): string {
    return this.input.request.method ?? "GET";
  }

  #kindOf(target: Target): UpstreamKind {
    return this.input.setup.pool(target.upstream).upstream.kind;
  }

  /** A body that was not kept can be sent once. */
  get #isRepeatable(): boolean {
    return !hasBody(this.input.request) || this.body?.isWhole === true;
  }

  #noRoute(): OwnAnswer {
    const { target, setup } = this.input;
    const model = this.call?.model;
    const names = [...setup.config.upstreams.keys()].map((name) => `/${name}`).join(", ");
    const asked = model === undefined ? target.path : `${target.path} with the model ${model}`;
    return {
      status: 404,
      code: "no_route",
      message: `No route of the gateway fits ${asked}. Paths that begin with ${names} go to the upstream of that name`,
    };
  }
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
