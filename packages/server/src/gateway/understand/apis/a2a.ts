import type { CallInput, CallRequest, ContentLevel, Values } from "../call.ts";
import type { Failure } from "../failure.ts";
import { contentText } from "../messages/content-text.ts";
import { type Message, modalityOf, type Part } from "../messages/message.ts";
import { type Fields, fields, idOf, listOf, textOf } from "../text/value.ts";
import type { Answer, AnswerReader, Api } from "./api.ts";
import { answers, mainMessage, messagesIn, rpcFailure } from "./json-rpc.ts";

/** Operations by the methods of protocol 0.3; from 1.0 on methods are called like the operations. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["message/send", "SendMessage"],
  ["message/stream", "SendStreamingMessage"],
  ["tasks/get", "GetTask"],
  ["tasks/list", "ListTasks"],
  ["tasks/cancel", "CancelTask"],
  ["tasks/resubscribe", "SubscribeToTask"],
  ["tasks/pushNotificationConfig/set", "CreateTaskPushNotificationConfig"],
  ["tasks/pushNotificationConfig/get", "GetTaskPushNotificationConfig"],
  ["tasks/pushNotificationConfig/list", "ListTaskPushNotificationConfigs"],
  ["tasks/pushNotificationConfig/delete", "DeleteTaskPushNotificationConfig"],
  ["agent/getAuthenticatedExtendedCard", "GetExtendedAgentCard"],
]);

/** Methods that nothing but A2A has; MCP has some of the names that begin with `tasks/` too. */
export const A2A_METHOD =
  /^(?:message\/(?:send|stream)|tasks\/(?:resubscribe|pushNotificationConfig\/\w+)|agent\/getAuthenticatedExtendedCard|Send(?:Streaming)?Message|(?:Get|Cancel|SubscribeTo)Task|ListTasks|(?:Create|Get|Delete)TaskPushNotificationConfig|ListTaskPushNotificationConfigs|GetExtendedAgentCard)$/;

/** The agent-to-agent protocol as JSON-RPC, and as plain JSON over HTTP. */
export const a2a: Api = {
  contentFields: new Set(),
  request(body, input, level) {
    const rpc = mainMessage(body);
    const overHttp = methodOf(input.path);
    const params = overHttp === undefined ? fields(rpc.params) : rpc;
    const message = fields(params.message);
    const named = textOf(rpc.method)?.slice(0, 128) ?? overHttp;
    const method = named === undefined ? undefined : (OPERATIONS.get(named) ?? named);
    const taskId =
      idOf(message.taskId) ??
      idOf(params.taskId) ??
      idOf(params.id) ??
      /\/tasks\/([^/:?]+):/.exec(input.path)?.[1];
    return {
      streams: method === "SendStreamingMessage" || method === "SubscribeToTask",
      verb: method,
      values: {
        "a2a.method.name": method,
        "a2a.message.id": idOf(message.messageId),
        "a2a.tenant": idOf(params.tenant),
        "a2a.protocol.version": versionOf(input),
        "jsonrpc.request.id": overHttp === undefined ? idOf(rpc.id) : undefined,
        ...taskIds(taskId),
        ...contextIds(idOf(message.contextId) ?? idOf(params.contextId)),
      },
      content: () => ({
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", messagesOf(message)),
      }),
    };
  },
  answer: (request, level) => new A2aAnswer(request, level),
};

/** `/v1/message:send`, where the request itself is not named in the body. */
function methodOf(path: string): string | undefined {
  const [, what, verb] = /\/(message|tasks\/[^/:?]+):(send|stream|cancel|subscribe)(?:$|\?)/.exec(path) ?? [];
  if (what === "message")
    return verb === "send" ? "SendMessage" : verb === "stream" ? "SendStreamingMessage" : undefined;
  return verb === "cancel" ? "CancelTask" : verb === "subscribe" ? "SubscribeToTask" : undefined;
}

function versionOf({ headers }: CallInput): string | undefined {
  return idOf(headers["a2a-version"]);
}

function taskIds(id: string | undefined): Values {
  return id === undefined ? {} : { "a2a.task.id": id, "task.id": id };
}

function contextIds(id: string | undefined): Values {
  return id === undefined ? {} : { "gen_ai.conversation.id": id, "session.id": id };
}

class A2aAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #id: unknown;
  readonly #sends: boolean;
  #error: Failure | undefined;
  #values: Values = {};
  #state: string | undefined;
  #isAnswered = false;
  readonly #said: Part[] = [];

  constructor({ values }: CallRequest, level: ContentLevel) {
    this.#level = level;
    this.#id = values["jsonrpc.request.id"];
    this.#sends = String(values["a2a.method.name"]).startsWith("Send");
  }

  take(value: unknown): boolean {
    let isOutput = false;
    for (const message of messagesIn(value)) {
      const isRpc = message.jsonrpc !== undefined;
      if (isRpc && !answers(message, this.#id)) continue;
      this.#isAnswered = true;
      this.#error ??= isRpc ? rpcFailure(message) : undefined;
      isOutput = this.#answer(isRpc ? fields(message.result) : message) || isOutput;
    }
    return isOutput;
  }

  /** A task that failed is a failure of the message that asked for it, not of a question about it. */
  finish(): Answer {
    const hasFailed = this.#state === "TASK_STATE_FAILED" || this.#state === "TASK_STATE_REJECTED";
    const failed = hasFailed && this.#sends ? { type: this.#state ?? "", message: "" } : undefined;
    return {
      error: this.#error ?? failed,
      isWhole: this.#isAnswered,
      values: {
        ...this.#values,
        "a2a.task.state": this.#state,
        "rpc.response.status_code": this.#error?.type,
      },
      content: () => ({
        "gen_ai.output.messages": contentText(
          this.#level,
          "gen_ai.output.messages",
          this.#said.length === 0 ? [] : [{ role: "assistant", parts: this.#said }],
        ),
      }),
    };
  }

  /** A task, a message, or an event about one; version 1.0 wraps each into a field of its kind. */
  #answer(result: Fields): boolean {
    const { task, message, statusUpdate, artifactUpdate } = result;
    const given = fields(task ?? message ?? statusUpdate ?? artifactUpdate ?? result);
    const status = fields(given.status);
    const isTask = given.status !== undefined && given.id !== undefined;
    this.#values = {
      ...this.#values,
      ...taskIds(idOf(isTask ? given.id : given.taskId)),
      ...contextIds(idOf(given.contextId)),
    };
    this.#state = stateOf(status.state) ?? this.#state;
    const artifacts = given.artifact === undefined ? listOf(given.artifacts) : [given.artifact];
    const said = [
      given.parts,
      fields(status.message).parts,
      ...artifacts.map((artifact) => fields(artifact).parts),
    ];
    const parts = said.flatMap((list) => listOf(list));
    if (this.#level !== "off" && this.#said.length < MAX_PARTS) this.#said.push(...parts.map(partOf));
    return parts.length > 0;
  }
}

const MAX_PARTS = 1000;

/** `input-required` of 0.3 is `TASK_STATE_INPUT_REQUIRED` of 1.0. */
function stateOf(state: unknown): string | undefined {
  const text = textOf(state)?.slice(0, 64);
  if (text === undefined || text.startsWith("TASK_STATE_")) return text;
  return `TASK_STATE_${text.toUpperCase().replaceAll("-", "_")}`;
}

function messagesOf(message: Fields): Message[] {
  const parts = listOf(message.parts).map(partOf);
  const isAgent = message.role === "agent" || message.role === "ROLE_AGENT";
  return parts.length === 0 ? [] : [{ role: isAgent ? "assistant" : "user", parts }];
}

/** Text, a file or data; 0.3 says which in `kind`, 1.0 by the field that is there. */
function partOf(part: unknown): Part {
  const given = fields(part);
  if (typeof given.text === "string") return { type: "text", content: given.text };
  const file = fields(given.file ?? given);
  const type = textOf(file.mimeType) ?? textOf(file.mediaType);
  const url = textOf(file.uri) ?? textOf(file.fileWithUri) ?? textOf(file.url);
  if (url !== undefined) return { type: "uri", modality: modalityOf(type), mime_type: type, uri: url };
  const bytes = textOf(file.bytes) ?? textOf(file.fileWithBytes) ?? textOf(file.raw);
  if (bytes !== undefined)
    return { type: "blob", modality: modalityOf(type), mime_type: type, content: bytes };
  return { ...given, type: "data" };
}
