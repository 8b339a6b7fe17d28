import { A2A_METHOD } from "./apis/a2a.ts";
import { APIS } from "./apis/apis.ts";
import { mainMessage } from "./apis/json-rpc.ts";
import { MCP_METHOD } from "./apis/mcp.ts";
import type { ApiKind, CallInput, CallRequest, Capture, CarriedContext, ContentLevel } from "./call.ts";
import { idsOfHeaders } from "./correlation-ids.ts";
import { providerOfApi } from "./provider.ts";
import { encodingOf, inflate } from "./text/inflate.ts";
import { asBuffer, parseJson, readFields } from "./text/read-json.ts";
import { type Fields, fields, textOf } from "./text/value.ts";

const MAX_INFLATED = 8 * 1024 * 1024;
/** Of a longer body no content is recorded: to parse it would hold up every other request. */
const MAX_CONTENT_BYTES = 4 * 1024 * 1024;

/**
 * What a request asks. Never throws: what cannot be read is said in the result. Reading steps over content, so that a
 * long prompt costs a search for its end; it is parsed when `content` is called, and until then the body is kept.
 */
export function readRequest(input: CallInput, capture: Capture): CallRequest {
  const body = plainBody(input);
  const level = body !== undefined && body.length > MAX_CONTENT_BYTES ? "off" : capture.content;
  const read = body === undefined ? undefined : readBody(input.api, body);
  const given = read ?? {};
  const api = kindOf(input.api, given);
  const { model, streams, verb, target, values, content } = APIS[api].request(given, input, level);
  return {
    api,
    model,
    streams,
    name: verb === undefined || target === undefined ? verb : `${verb} ${target}`,
    provider: providerOfApi(api, input.path),
    carried: carriedBy(api, given),
    unread: body === undefined ? "absent" : read === undefined ? "malformed" : cutBy(level, capture),
    values: {
      ...idsOfHeaders(input.headers),
      ...values,
      "gen_ai.request.model": model,
      "gen_ai.request.stream": streams && api !== "a2a" ? true : undefined,
    },
    content: level === "off" ? undefined : (later(api, body, input, level) ?? content),
  };
}

function cutBy(level: ContentLevel, capture: Capture): "too_large" | undefined {
  return level === capture.content ? undefined : "too_large";
}

function plainBody({ body, headers }: CallInput): Buffer | undefined {
  if (body === undefined || body.length === 0) return undefined;
  const encoding = encodingOf(headers["content-encoding"]);
  return encoding === undefined ? asBuffer(body) : inflate(asBuffer(body), encoding, MAX_INFLATED);
}

/** Fields of the body without content, or the list that a batch is; undefined when it is neither. */
function readBody(api: ApiKind, body: Buffer): Fields | undefined {
  const read = readFields(body, APIS[api].contentFields);
  if (read !== undefined) return read.isWhole ? read.fields : undefined;
  return parsed(body);
}

function parsed(body: Buffer): Fields | undefined {
  const value = parseJson(body.toString());
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

/** The content that was stepped over; undefined for an API whose requests are read as a whole. */
function later(
  api: ApiKind,
  body: Buffer | undefined,
  input: CallInput,
  level: ContentLevel,
): CallRequest["content"] {
  if (body === undefined || APIS[api].contentFields.size === 0) return undefined;
  return () => APIS[api].request(parsed(body) ?? {}, input, level).content?.() ?? {};
}

/** What looks like any JSON by its path is told by the method of its JSON-RPC message. */
function kindOf(api: ApiKind, body: Fields): ApiKind {
  if (api !== "agent" && api !== "mcp" && api !== "a2a") return api;
  const { jsonrpc, method } = mainMessage(body);
  if (jsonrpc !== "2.0" || typeof method !== "string") return api;
  if (A2A_METHOD.test(method)) return "a2a";
  // Both protocols have methods such as `tasks/get`: then the path decides.
  return api === "agent" && MCP_METHOD.test(method) ? "mcp" : api;
}

function carriedBy(api: ApiKind, body: Fields): CarriedContext | undefined {
  if (api !== "mcp" && api !== "a2a") return undefined;
  const message = mainMessage(body);
  const params = fields(message.params);
  const carrier = fields(api === "mcp" ? params._meta : (params.metadata ?? message.metadata));
  const traceparent = textOf(carrier.traceparent);
  if (traceparent === undefined) return undefined;
  return { traceparent, tracestate: textOf(carrier.tracestate), baggage: textOf(carrier.baggage) };
}
