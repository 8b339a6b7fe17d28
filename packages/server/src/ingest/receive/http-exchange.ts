import type { IncomingMessage, ServerResponse } from "node:http";
import type { OtlpEncoding } from "@clew/protocol/otlp/response";
import { exportResponse, statusBody } from "@clew/protocol/otlp/response";
import { BodyTooLarge } from "../errors.ts";
import type { Accepted, Source } from "../intake.ts";
import { clip } from "./clip.ts";
import type { Failure } from "./failure.ts";
import { failure, failureOf, GRPC_STATUS, INTERNAL_FAILURE, sentence } from "./failure.ts";
import { header } from "./grpc-call.ts";
import { bodyHint, pathHint } from "./hints.ts";
import type { HttpOptions } from "./http.ts";
import { ClientGone, readBody } from "./http-body.ts";
import type { Content, Route } from "./http-content.ts";
import { encodingOf, ROUTES, toProtobuf } from "./http-content.ts";
import { canInflate, ENCODINGS } from "./inflate.ts";
import { peerOf } from "./peer.ts";
import { TOKEN_HINT } from "./token.ts";

const EMPTY = Buffer.alloc(0);

/** One request over HTTP, from its headers to its answer. */
export class HttpExchange {
  readonly #options: HttpOptions;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #path: string;
  readonly #contentType: string;
  readonly #route: Route | undefined;
  readonly #encoding: OtlpEncoding | undefined;
  readonly #source: Source;
  readonly #origin: string | undefined;

  constructor(options: HttpOptions, request: IncomingMessage, response: ServerResponse) {
    const { headers, url = "/" } = request;
    const query = url.indexOf("?");
    this.#options = options;
    this.#request = request;
    this.#response = response;
    this.#path = query < 0 ? url : url.slice(0, query);
    this.#route = ROUTES.get(this.#path);
    this.#contentType = clip(headers["content-type"]);
    this.#encoding = encodingOf(this.#contentType);
    this.#origin = headers.origin;
    this.#source = {
      protocol: this.#route?.zipkin === true ? "zipkin" : `http/${this.#encoding ?? "json"}`,
      peer: peerOf(request.socket),
      userAgent: clip(headers["user-agent"]),
      path: clip(this.#path),
    };
  }

  /** Ends when the answer is handed to the system, or there is nobody to answer. Never rejects. */
  async run(): Promise<void> {
    this.#response.on("error", () => undefined);
    let sent: Buffer = EMPTY;
    let body: Buffer = EMPTY;
    try {
      if (this.#request.method === "OPTIONS" && this.#origin !== undefined)
        return this.#preflight(this.#origin);
      const refusal = this.#refusal();
      if (refusal !== undefined) return this.#fail(refusal);
      const { budget, inflater, intake, maxBodyBytes, pool } = this.#options;
      sent = await readBody(this.#request, maxBodyBytes, budget, pool);
      body = sent;
      const compression = this.#compression();
      if (compression !== "identity") body = await inflater.inflate(body, compression);
      const route = this.#route!;
      const content = toProtobuf(route, this.#encoding!, body);
      const accepted = await intake.accept(route.signal, content.bytes, this.#source);
      this.#succeed(route, content, accepted);
    } catch (error) {
      this.#onError(error, body);
    } finally {
      this.#options.pool.giveBack(sent);
    }
  }

  /** Why the headers alone are enough to turn a request away. */
  #refusal(): Failure | undefined {
    const { authorize, maxBodyBytes, ports } = this.#options;
    const { headers, method } = this.#request;
    if (this.#route === undefined) {
      const message = `Nothing is received at ${this.#source.path}`;
      return failure("UNIMPLEMENTED", "unknown_path", message, pathHint(this.#path, ports), 404);
    }
    if (method !== "POST") {
      return failure("UNIMPLEMENTED", "wrong_method", `${this.#path} takes POST, not ${method}`, "", 405);
    }
    if (!authorize(headers.authorization)) {
      return failure("UNAUTHENTICATED", "unauthorized", "The token is missing or wrong", TOKEN_HINT);
    }
    if (this.#encoding === undefined || (this.#route.zipkin && this.#encoding !== "json")) {
      const given = this.#contentType === "" ? "No content type" : `The content type ${this.#contentType}`;
      const taken = this.#route.zipkin ? "application/json" : "application/x-protobuf or application/json";
      return failure(
        "INVALID_ARGUMENT",
        "unsupported_body",
        `${given} is not understood`,
        `Use ${taken}`,
        415,
      );
    }
    const compression = this.#compression();
    if (compression !== "identity" && !canInflate(compression)) {
      const message = `The content encoding ${clip(compression)} is not understood`;
      return failure(
        "INVALID_ARGUMENT",
        "unsupported_body",
        message,
        `Use ${ENCODINGS.join(", ")} or none`,
        415,
      );
    }
    if (Number(headers["content-length"] ?? 0) > maxBodyBytes) {
      return failureOf(new BodyTooLarge(maxBodyBytes, false));
    }
    return undefined;
  }

  #compression(): string {
    const encoding = header(this.#request.headers, "content-encoding")?.trim().toLowerCase();
    return encoding === undefined || encoding === "" ? "identity" : encoding;
  }

  #succeed(route: Route, content: Content, accepted: Accepted): void {
    const rejected = content.rejected + accepted.rejected;
    const message = content.message === "" ? accepted.message : content.message;
    const result = { ...accepted, rejected, message };
    if (route.zipkin && rejected > 0 && accepted.records === 0) {
      this.#fail(failure("INVALID_ARGUMENT", "malformed_zipkin", `No span could be taken: ${message}`));
      return;
    }
    const { events } = this.#options;
    events.accepted(route.signal, content.bytes.length, this.#source, this.#contentType, result);
    if (route.zipkin) {
      this.#answer(202, {}, EMPTY);
    } else {
      const headers = { "content-type": this.#contentTypeBack() };
      this.#answer(200, headers, exportResponse(route.signal, result, this.#encoding!));
    }
  }

  #onError(error: unknown, body: Buffer): void {
    if (error instanceof ClientGone) return;
    const failed = failureOf(error);
    if (failed === undefined) {
      this.#options.log.error({ error, path: this.#path }, "an HTTP request could not be handled");
      this.#fail(INTERNAL_FAILURE);
    } else {
      const malformed = failed.reason === "malformed_otlp" && this.#encoding !== undefined;
      this.#fail({ ...failed, hint: malformed ? bodyHint(body, this.#encoding!) : failed.hint });
    }
  }

  #fail(failed: Failure): void {
    const { http, reason, message, hint, retryAfterMs } = failed;
    this.#options.events.refused({
      source: this.#source,
      code: http,
      ...(this.#route !== undefined && { signal: this.#route.signal }),
      contentType: this.#contentType,
      reason,
      message,
      hint,
    });
    const { code } = GRPC_STATUS[failed.grpc];
    const status = { code, message: sentence(failed), ...(retryAfterMs !== undefined && { retryAfterMs }) };
    this.#answer(
      http,
      {
        "content-type": this.#contentTypeBack(),
        ...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
        ...(http === 405 && { allow: "POST, OPTIONS" }),
        ...(http === 401 && { "www-authenticate": "Bearer" }),
        ...(http === 415 && { "accept-encoding": ENCODINGS.join(", ") }),
      },
      statusBody(status, this.#encoding ?? "json"),
    );
    // What is still on its way is read and dropped, for a client that sends sees no answer to a reset.
    this.#request.resume();
  }

  #preflight(origin: string): void {
    const { cors } = this.#options;
    if (cors.allows(origin)) {
      const asked = header(this.#request.headers, "access-control-request-headers");
      this.#answer(204, cors.preflightHeaders(origin, asked), EMPTY);
      return;
    }
    const hint = `Allow pages of ${origin} to send with the setting cors.origins`;
    this.#fail(failure("UNAUTHENTICATED", "origin_refused", "Other origins may not send here", hint, 403));
  }

  /** The type of the request where it has one that OTLP knows, without its parameters. */
  #contentTypeBack(): string {
    if (this.#encoding === undefined) return "application/json";
    return this.#contentType.replace(/\s*;.*/s, "").toLowerCase();
  }

  #answer(status: number, headers: Record<string, string>, body: Uint8Array): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    const cors = this.#origin === undefined ? {} : this.#options.cors.headers(this.#origin);
    const length = status === 204 ? {} : { "content-length": String(body.length) };
    this.#response.writeHead(status, { ...headers, ...cors, ...length });
    this.#response.end(body);
  }
}
