import type { Attributes } from "@opentelemetry/api";
import { serverAttributes } from "../../genai/server-address.ts";

/** A JSON-RPC message of MCP: a request has `id` and `method`, a notification only `method`. */
export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Result;
  readonly error?: { readonly code?: number; readonly message?: string };
}

export interface Params {
  readonly name?: unknown;
  readonly uri?: unknown;
  readonly arguments?: unknown;
  readonly requestId?: unknown;
  readonly reason?: unknown;
  readonly ref?: { readonly name?: unknown };
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface Result {
  readonly isError?: unknown;
  readonly protocolVersion?: unknown;
}

/** What carries messages, as both SDKs define it; handlers are set on it before it is started. */
export interface Transport {
  readonly sessionId?: string;
  /** Of a client over HTTP: a private field in both SDKs. */
  readonly _url?: unknown;
  start(): Promise<void>;
  send(message: Message, options?: SendOptions): Promise<void>;
  onmessage?: (message: Message, extra?: unknown) => void;
  onclose?: () => void;
}

export interface SendOptions {
  /** Ends one request over HTTP: version 2 aborts instead of sending `notifications/cancelled`. */
  readonly requestSignal?: AbortSignal;
}

const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

/** Messages that belong to a request which has a span, or that only keep a connection alive. */
const WITHOUT_SPAN: ReadonlySet<string> = new Set([
  "ping",
  "notifications/progress",
  "notifications/message",
  "notifications/cancelled",
]);

const STANDARD =
  /^(initialize|(completion|elicitation|logging|notifications|prompts|resources|roots|sampling|server|subscriptions|tasks|tools)\/.+)$/;

/** Whether a message starts a span where it is sent and where it arrives. */
export function isTraced(message: Message): message is Message & { method: string } {
  return typeof message.method === "string" && !WITHOUT_SPAN.has(message.method);
}

/**
 * Whether a message can be given `params._meta`: one that MCP defines or that has it already. A method of
 * somebody's own may refuse parameters it does not know.
 */
export function takesMeta(message: Message & { method: string }): boolean {
  return STANDARD.test(message.method) || message.params?._meta !== undefined;
}

/** `tools/call get_weather`: the method, and the tool or prompt where there is one. */
export function spanName(message: Message & { method: string }): string {
  const target = targetOf(message);
  return target === undefined ? message.method : `${message.method} ${target}`;
}

/** The tool or prompt a message is about. */
export function targetOf({ method, params }: Message): string | undefined {
  if (method !== "tools/call" && method !== "prompts/get") return undefined;
  return typeof params?.name === "string" ? params.name : undefined;
}

/** What the conventions for MCP say about a message, apart from what its connection knows. */
export function messageAttributes(message: Message & { method: string }): Attributes {
  const { id, method, params } = message;
  const attributes: Attributes = { "mcp.method.name": method };
  const target = targetOf(message);
  if (method === "tools/call") attributes["gen_ai.operation.name"] = "execute_tool";
  if (target !== undefined) {
    attributes[method === "tools/call" ? "gen_ai.tool.name" : "gen_ai.prompt.name"] = target;
  }
  if (typeof params?.uri === "string") attributes["mcp.resource.uri"] = params.uri;
  if (id !== undefined) attributes["jsonrpc.request.id"] = String(id);
  const version = params?._meta?.[PROTOCOL_VERSION];
  if (typeof version === "string") attributes["mcp.protocol.version"] = version;
  return attributes;
}

/** How the conventions call what is below a transport, which only the name of its class tells. */
export function transportAttributes(transport: Transport): Attributes {
  const name = transport.constructor?.name ?? "";
  if (/stdio/i.test(name)) return { "network.transport": "pipe" };
  const protocol = /http|sse/i.test(name) ? "http" : /websocket/i.test(name) ? "websocket" : undefined;
  if (protocol === undefined) return {};
  const server = serverAttributes(transport._url instanceof URL ? transport._url.href : undefined);
  return { "network.transport": "tcp", "network.protocol.name": protocol, ...server };
}
