import { A2A_METHOD } from "./apis/a2a.ts";
import { APIS } from "./apis/apis.ts";
import { mainMessage } from "./apis/json-rpc.ts";
import { MCP_METHOD } from "./apis/mcp.ts";
import type { ApiKind, CallInput, CallRequest, Capture, CarriedContext } from "./call.ts";
import { idsOfHeaders } from "./correlation-ids.ts";
import { providerOfApi } from "./provider.ts";
import { encodingOf, inflate } from "./text/inflate.ts";
import { asBuffer, parseJson, readFields } from "./text/read-json.ts";
import { type Fields, fields, textOf } from "./text/value.ts";

const MAX_INFLATED = 8 * 1024 * 1024;

/**
 * What a request asks. Never throws: what cannot be read is said in the result. Where no content is recorded, reading
 * steps over it, so that a long prompt costs next to nothing.
 */
export function readRequest(input: CallInput, capture: Capture): CallRequest {
  const body = plainBody(input);
  const read = body === undefined ? undefined : readBody(input.api, body, capture);
  const given = read ?? {};
  const api = kindOf(input.api, given);
  const { model, streams, verb, target, values, content } = APIS[api].request(given, input, capture.content);
  return {
    api,
    model,
    streams,
    name: verb === undefined || target === undefined ? verb : `${verb} ${target}`,
    provider: providerOfApi(api, input.path),
    carried: carriedBy(api, given),
    unread: body === undefined ? "absent" : read === undefined ? "malformed" : undefined,
    values: {
      ...idsOfHeaders(input.headers),
      ...values,
      "gen_ai.request.model": model,
      "gen_ai.request.stream": streams && api !== "a2a" ? true : undefined,
    },
    content: capture.content === "off" ? undefined : content,
  };
}

function plainBody({ body, headers }: CallInput): Buffer | undefined {
  if (body === undefined || body.length === 0) return undefined;
  const encoding = encodingOf(headers["content-encoding"]);
  return encoding === undefined ? asBuffer(body) : inflate(asBuffer(body), encoding, MAX_INFLATED);
}

/** Fields of the body, or the list that a batch is; undefined when it is neither. */
function readBody(api: ApiKind, body: Buffer, { content }: Capture): Fields | undefined {
  if (content === "off") {
    const read = readFields(body, APIS[api].contentFields);
    if (read !== undefined) return read.isWhole ? read.fields : undefined;
  }
  const value = parseJson(body.toString());
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
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
