import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { exportResponse } from "@clew/protocol/otlp/response";
import type { Signal } from "@clew/protocol/signal";
import type { IngestEvents } from "../events.ts";
import type { Accepted, Intake, Source } from "../intake.ts";
import type { BodyPool } from "./body-pool.ts";
import type { Failure } from "./failure.ts";
import { failure, failureOf, INTERNAL_FAILURE } from "./failure.ts";
import { answerFailure, answerOk } from "./grpc-answer.ts";
import { bodyHint } from "./hints.ts";
import type { Inflater } from "./inflate.ts";
import type { ReceiveBudget } from "./receive-budget.ts";
import type { ReceiverLog } from "./receiver-log.ts";
import { UnaryMessage } from "./unary-message.ts";

/** What a call needs of the receiver it belongs to. */
export interface CallOptions {
  readonly intake: Intake;
  readonly events: IngestEvents;
  readonly budget: ReceiveBudget;
  readonly pool: BodyPool;
  readonly inflater: Inflater;
  readonly maxBodyBytes: number;
  readonly log: ReceiverLog;
}

/** `HealthCheckResponse { status: SERVING }` */
const SERVING = Buffer.from([0x08, 0x01]);
const EMPTY = Buffer.alloc(0);

/** One request, from its headers to its answer. */
export class GrpcCall {
  readonly #options: CallOptions;
  readonly #stream: ServerHttp2Stream;
  readonly #source: Source;
  readonly #contentType: string;
  /** Undefined for a health check. */
  readonly #signal: Signal | undefined;
  readonly #encoding: string;
  /** On the clock of `performance.now`. */
  readonly #deadlineMs: number;
  readonly #message: UnaryMessage;
  #budgeted = 0;
  /** The message is whole, or there will be none; what else arrives is ignored. */
  #received = false;
  #answered = false;

  constructor(
    options: CallOptions,
    stream: ServerHttp2Stream,
    source: Source,
    contentType: string,
    signal: Signal | undefined,
    encoding: string,
    deadlineMs: number,
  ) {
    this.#options = options;
    this.#stream = stream;
    this.#source = source;
    this.#contentType = contentType;
    this.#signal = signal;
    this.#encoding = encoding;
    this.#deadlineMs = deadlineMs;
    this.#message = new UnaryMessage(options.maxBodyBytes, options.pool);
  }

  start(ended: boolean): void {
    if (ended) {
      this.#fail(this.#message.ended());
      return;
    }
    this.#stream.on("data", (piece: Buffer) => this.#onData(piece));
    this.#stream.on("end", () => {
      if (!this.#received && !this.#stream.aborted) this.#fail(this.#message.ended());
    });
  }

  /** Gives the call up when its time is over. */
  expire(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return;
    this.#fail(failure("DEADLINE_EXCEEDED", "timeout", "The request was not durable before its deadline"));
  }

  /** The client has gone, or has its answer. */
  abandon(): void {
    this.#received = true;
    this.#settle();
  }

  /** False when there is nobody to answer any more. */
  #settle(): boolean {
    this.#options.budget.give(this.#budgeted);
    this.#budgeted = 0;
    if (this.#answered) return false;
    this.#answered = true;
    return !this.#stream.destroyed && !this.#stream.closed;
  }

  #onData(piece: Buffer): void {
    if (this.#received) return;
    if (!this.#options.budget.take(piece.length)) {
      const busy = failure("UNAVAILABLE", "overloaded", "More arrives at once than memory is set aside for");
      this.#fail({ ...busy, retryAfterMs: 1_000 });
      return;
    }
    this.#budgeted += piece.length;
    const message = this.#message.add(piece);
    if (message === undefined) return;
    if (!Buffer.isBuffer(message)) {
      this.#fail(message);
      return;
    }
    this.#received = true;
    const unnamed = this.#message.compressed && this.#encoding === "identity";
    if (this.#signal !== undefined && !unnamed) {
      void this.#handIn(this.#signal, message);
      return;
    }
    this.#options.pool.giveBack(message);
    if (unnamed) {
      const text = "The message is compressed, but no grpc-encoding is named";
      this.#fail(failure("INTERNAL", "malformed_grpc", text, "", 400));
    } else if (this.#settle()) {
      answerOk(this.#stream, SERVING);
    }
  }

  async #handIn(signal: Signal, message: Buffer): Promise<void> {
    const { inflater, intake } = this.#options;
    try {
      let body: Buffer | Promise<Buffer> = message;
      if (this.#message.compressed) body = inflater.inflate(message, this.#encoding);
      if (!Buffer.isBuffer(body)) body = await body;
      if (this.#answered) return;
      this.#succeed(signal, body.length, await intake.accept(signal, body, this.#source));
    } catch (error) {
      this.#onError(error, message);
    } finally {
      this.#options.pool.giveBack(message);
    }
  }

  #succeed(signal: Signal, bytes: number, result: Accepted): void {
    this.#options.events.accepted(signal, bytes, this.#source, this.#contentType, result);
    if (!this.#settle()) return;
    const quiet = result.rejected === 0 && result.message === "";
    answerOk(this.#stream, quiet ? EMPTY : exportResponse(signal, result, "protobuf"));
  }

  #onError(error: unknown, body: Buffer): void {
    const failed = failureOf(error);
    if (failed === undefined) {
      this.#options.log.error({ error, path: this.#source.path }, "a gRPC request could not be handled");
      this.#fail(INTERNAL_FAILURE);
    } else {
      const hint = failed.reason === "malformed_otlp" ? bodyHint(body, "protobuf") : failed.hint;
      this.#fail({ ...failed, hint });
    }
  }

  #fail(failed: Failure): void {
    this.#received = true;
    if (!this.#settle()) return;
    reportGrpc(this.#options.events, this.#source, this.#contentType, this.#signal, failed);
    answerFailure(this.#stream, failed);
  }
}

/** Tells the operator of a request that was turned away. */
export function reportGrpc(
  events: IngestEvents,
  source: Source,
  contentType: string,
  signal: Signal | undefined,
  failed: Failure,
): void {
  events.refused({
    source,
    code: failed.http,
    grpcStatus: failed.grpc,
    ...(signal !== undefined && { signal }),
    contentType,
    reason: failed.reason,
    message: failed.message,
    hint: failed.hint,
  });
}

/** A header that comes once; the first where a client repeats it. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
