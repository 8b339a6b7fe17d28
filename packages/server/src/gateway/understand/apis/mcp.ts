import type { CallInput, CallRequest, ContentLevel, Values } from "../call.ts";
import { type Failure, withoutSecrets } from "../failure.ts";
import { contentText } from "../messages/content-text.ts";
import { type Fields, fields, idOf, textOf } from "../text/value.ts";
import type { Answer, AnswerReader, Api, Asked } from "./api.ts";
import { answers, mainMessage, messagesIn, rpcFailure } from "./json-rpc.ts";

/** Methods that MCP defines. */
export const MCP_METHOD =
  /^(?:initialize|ping|(?:completion|elicitation|logging|notifications|prompts|resources|roots|sampling|server|subscriptions|tasks|tools)\/.+)$/;

const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

/** MCP over streamable HTTP. */
export const mcp: Api = {
  contentFields: new Set(),
  request(body, { headers }, level) {
    const message = mainMessage(body);
    const params = fields(message.params);
    const method = textOf(message.method)?.slice(0, 128);
    const isToolCall = method === "tools/call";
    const target = isToolCall || method === "prompts/get" ? textOf(params.name)?.slice(0, 128) : undefined;
    const uri = textOf(params.uri);
    return {
      streams: false,
      verb: method,
      target,
      values: {
        "mcp.method.name": method,
        "gen_ai.operation.name": isToolCall ? "execute_tool" : undefined,
        "gen_ai.tool.name": isToolCall ? target : undefined,
        "gen_ai.prompt.name": method === "prompts/get" ? target : undefined,
        "mcp.resource.uri": uri === undefined ? undefined : withoutSecrets(uri, 0),
        "jsonrpc.request.id": idOf(message.id),
        "mcp.protocol.version": versionOf(params, headers),
        "mcp.session.id": idOf(headers["mcp-session-id"]),
        "network.transport": "tcp",
        "network.protocol.name": "http",
      },
      content: () => ({
        "gen_ai.tool.call.arguments": isToolCall
          ? contentText(level, "gen_ai.tool.call.arguments", params.arguments)
          : undefined,
      }),
    } satisfies Asked;
  },
  answer: (request, level) => new McpAnswer(request, level),
};

function versionOf(params: Fields, headers: CallInput["headers"]): string | undefined {
  return idOf(fields(params._meta)[PROTOCOL_VERSION]) ?? idOf(headers["mcp-protocol-version"]);
}

class McpAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #id: unknown;
  readonly #isToolCall: boolean;
  #error: Failure | undefined;
  #values: Values = {};
  #result: unknown;
  #isAnswered: boolean;

  constructor({ values }: CallRequest, level: ContentLevel) {
    this.#level = level;
    this.#id = values["jsonrpc.request.id"];
    this.#isToolCall = values["mcp.method.name"] === "tools/call";
    this.#isAnswered = this.#id === undefined;
  }

  take(value: unknown): boolean {
    for (const message of messagesIn(value)) if (answers(message, this.#id)) this.#answer(message);
    return this.#isAnswered;
  }

  finish(): Answer {
    return {
      error: this.#error,
      isWhole: this.#isAnswered,
      values: this.#values,
      content: () => ({
        "gen_ai.tool.call.result": contentText(this.#level, "gen_ai.tool.call.result", this.#result),
      }),
    };
  }

  #answer(message: Fields): void {
    this.#isAnswered = true;
    const failure = rpcFailure(message);
    const result = fields(message.result);
    this.#values = {
      "rpc.response.status_code": failure?.type,
      "mcp.protocol.version": idOf(result.protocolVersion),
    };
    this.#error = failure ?? (result.isError === true ? { type: "tool_error", message: "" } : undefined);
    if (this.#isToolCall && this.#level !== "off") this.#result = result.structuredContent ?? result.content;
  }
}
