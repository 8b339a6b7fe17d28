import type { IncomingHttpHeaders } from "node:http";
import type { AnswerReader, Api } from "./apis/api.ts";
import { APIS } from "./apis/apis.ts";
import type { CallRequest, CallResponse, Capture, ResponseReader } from "./call.ts";
import { type Failure, failureOf, failureOfStatus, withoutSecrets } from "./failure.ts";
import { EventStream } from "./text/event-stream.ts";
import { encodingOf } from "./text/inflate.ts";
import { JsonListStream } from "./text/json-list-stream.ts";
import { KeptBody } from "./text/kept-body.ts";
import { asBuffer, parseJson } from "./text/read-json.ts";
import { TimedBytes } from "./text/timed-bytes.ts";
import { idOf } from "./text/value.ts";
import { wholeAnswer } from "./whole-answer.ts";

/**
 * A reader for the answer to `request`. `startNs` is when the request was sent, on the clock of `atNs`. Memory is
 * bounded whatever comes: of a stream one event is kept, of an answer in one piece 2 MiB and its end.
 */
export function responseReader(
  request: CallRequest,
  status: number,
  headers: IncomingHttpHeaders,
  startNs: bigint,
  capture: Capture,
): ResponseReader {
  return new Reader(request, status, headers, startNs, capture);
}

type Form = "events" | "list" | "whole" | "unread";

class Reader implements ResponseReader {
  readonly #request: CallRequest;
  readonly #status: number;
  readonly #headers: IncomingHttpHeaders;
  readonly #startNs: bigint;
  readonly #capture: Capture;
  readonly #api: Api;
  readonly #answer: AnswerReader;
  readonly #encoded: TimedBytes | undefined;
  #form: Form | undefined;
  #events: EventStream | undefined;
  #list: JsonListStream | undefined;
  #body: KeptBody | undefined;
  #nowNs = 0n;
  #firstByteNs: bigint | undefined;
  #firstChunkNs: bigint | undefined;
  #firstTokenNs: bigint | undefined;
  #failure: Failure | undefined;
  #malformed = 0;
  #isDone = false;
  #unread: CallResponse["unread"];

  constructor(
    request: CallRequest,
    status: number,
    headers: IncomingHttpHeaders,
    startNs: bigint,
    capture: Capture,
  ) {
    this.#request = request;
    this.#status = status;
    this.#headers = headers;
    this.#startNs = startNs;
    this.#capture = capture;
    this.#api = APIS[request.api];
    this.#answer = this.#api.answer(request, capture.content);
    const encoding = encodingOf(headers["content-encoding"]);
    const isTimed = request.streams || EVENT_TYPE.test(headers["content-type"] ?? "");
    this.#encoded = encoding === undefined ? undefined : new TimedBytes(encoding, isTimed);
    if (request.api === "agent" && status < 400 && capture.content === "off") this.#form = "unread";
  }

  chunk(bytes: Uint8Array, atNs: bigint): void {
    if (bytes.length === 0) return;
    this.#firstByteNs ??= atNs - this.#startNs;
    if (this.#form === "unread") return;
    if (this.#encoded !== undefined) this.#encoded.push(asBuffer(bytes), atNs);
    else this.#safely(() => this.#feed(asBuffer(bytes), atNs));
  }

  end(atNs: bigint): CallResponse {
    this.#safely(() => this.#replayEncoded());
    this.#nowNs = atNs;
    this.#safely(() => this.#finishBody());
    const answer = this.#answer.finish();
    const failure = this.#failureOf(answer.error);
    const isStream = this.#form === "events" || this.#form === "list";
    const session = this.#request.api === "mcp" ? idOf(this.#headers["mcp-session-id"]) : undefined;
    return {
      status: this.#status,
      model: answer.model,
      usage: answer.usage,
      error: failure,
      firstByteNs: this.#firstByteNs,
      firstChunkNs: this.#firstChunkNs,
      firstTokenNs: this.#firstTokenNs,
      durationNs: atNs - this.#startNs,
      isWhole: isStream ? this.#isDone || answer.isWhole : this.#unread !== "malformed",
      malformedEvents: this.#malformed + (this.#events?.tooLong ?? 0) + (this.#list?.tooLong ?? 0),
      unread: this.#unread,
      values: session === undefined ? answer.values : { ...answer.values, "mcp.session.id": session },
      content: this.#capture.content === "off" ? undefined : answer.content,
    };
  }

  #safely(work: () => void): void {
    try {
      work();
    } catch {
      this.#unread ??= "malformed";
    }
  }

  #feed(bytes: Buffer, atNs: bigint): void {
    this.#nowNs = atNs;
    this.#form ??= formOf(this.#request, this.#status, this.#headers["content-type"], bytes);
    if (this.#form === "unread") return;
    if (this.#form === "events") {
      this.#events ??= new EventStream((data, type) => this.#event(data, type));
      this.#events.push(bytes);
    } else if (this.#form === "list") {
      this.#list ??= new JsonListStream((text) => this.#event(text, ""));
      this.#list.push(bytes);
    } else {
      this.#body ??= new KeptBody();
      this.#body.push(bytes);
    }
  }

  #event(data: string, type: string): void {
    if (data === "[DONE]") {
      this.#isDone = true;
      return;
    }
    this.#firstChunkNs ??= this.#nowNs - this.#startNs;
    if (type !== "" && this.#answer.wants?.(type) === false) return;
    const value = parseJson(data);
    if (typeof value !== "object" || value === null) {
      this.#malformed++;
      return;
    }
    if (statesErrors(this.#request)) this.#failure ??= failureOf(value);
    if (this.#answer.take(value)) this.#firstTokenNs ??= this.#nowNs - this.#startNs;
  }

  #replayEncoded(): void {
    if (this.#encoded === undefined) return;
    const pieces = this.#encoded.inflated();
    if (pieces === undefined) {
      if (this.#firstByteNs !== undefined) this.#unread = "encoding";
      return;
    }
    for (const { bytes, atNs } of pieces) this.#feed(bytes, atNs);
  }

  #finishBody(): void {
    this.#events?.end();
    if (this.#body === undefined) return;
    const type = this.#headers["content-type"] ?? "";
    if (this.#request.api === "agent" && this.#status < 400 && TEXT_TYPE.test(type)) {
      this.#answer.bytes?.(this.#body.head);
      this.#answer.take(this.#body.head.toString());
      return;
    }
    const { value, unread } = wholeAnswer(this.#body, this.#api.unreadFields);
    if (this.#status >= 400) {
      this.#failure = failureOfStatus(this.#status, value);
      if (isRpc(this.#request)) this.#answer.take(value);
      return;
    }
    // What is only accepted is answered elsewhere, by any words.
    if (this.#status !== 202) this.#unread ??= unread;
    if (value === undefined) return;
    if (statesErrors(this.#request)) this.#failure = failureOf(value);
    this.#answer.bytes?.(this.#body.head);
    this.#answer.take(value);
  }

  #failureOf(stated: Failure | undefined): Failure | undefined {
    const status = this.#status;
    const found = stated ?? this.#failure;
    if (found === undefined) return status >= 400 ? { type: String(status), message: "" } : undefined;
    return { type: found.type || "_OTHER", message: withoutSecrets(found.message, status) };
  }
}

/** Of any agent's JSON it is not known what a field of this name means. */
function statesErrors(request: CallRequest): boolean {
  return request.api !== "agent" && !isRpc(request);
}

/** JSON-RPC states the errors of each of its messages itself. */
function isRpc({ api }: CallRequest): boolean {
  return api === "mcp" || api === "a2a";
}

/** What comes, by its type, and by its beginning where the type says nothing. */
function formOf(request: CallRequest, status: number, type: string | undefined, bytes: Buffer): Form {
  const isJson = type !== undefined && /\bjson\b/i.test(type);
  const isNamed = type !== undefined && EVENT_TYPE.test(type);
  const isEvents = isNamed || (!isJson && status < 400 && EVENTS.test(bytes.toString("utf8", 0, 16)));
  // What the events of any agent mean is not known.
  if (isEvents) return request.api === "agent" ? "unread" : "events";
  const isList = request.api === "gemini.generate" && request.streams && status < 400;
  return isList && (isJson || bytes[0] === 91) ? "list" : "whole";
}

const TEXT_TYPE = /^\s*text\/(?!html)/i;
const EVENT_TYPE = /^\s*text\/event-stream/i;
const EVENTS = /^\uFEFF?(?:data|event|id|retry)?:/;
