import type { Message, Part } from "./message.ts";
import { partsOf, toolCallFrom, toolResult } from "./parts.ts";
import { isRecord, type PlainRecord, parsed, textField } from "./plain-value.ts";

/** Lists of lists (LangChain's batches, generations of generations) are followed this far. */
const MAX_NESTING = 8;

/**
 * The messages of any value that emitters record as a prompt or completion: a list of messages, a request or
 * response body of a model API, LangChain's serialised objects, lone text. `role` is used where a message
 * states none. A value that holds no conversation becomes one message with a `json` part.
 */
export function messagesFrom(value: unknown, role: string): Message[] {
  return fromValue(parsed(value), role, 0);
}

function fromValue(value: unknown, role: string, nesting: number): Message[] {
  if (value === undefined || value === null || value === "" || nesting > MAX_NESTING) return [];
  if (Array.isArray(value)) return fromList(value, role, nesting);
  if (isRecord(value)) return fromBody(value, role, nesting) ?? one(role, [{ type: "json", value }]);
  return one(role, typeof value === "string" ? partsOf(value) : [{ type: "json", value }]);
}

function one(role: string, parts: readonly Part[]): Message[] {
  return parts.length === 0 ? [] : [{ role, parts }];
}

/** Messages one after the other; content blocks without a role belong to one message. */
function fromList(list: readonly unknown[], role: string, nesting: number): Message[] {
  if (nesting > MAX_NESTING) return [];
  if (list.every(isTupleMessage) && list.length > 0) {
    return list.flatMap((entry) => {
      const [tupleRole, content] = entry as [string, unknown];
      return one(roleOf(tupleRole), partsOf(content));
    });
  }
  // A plain list that somebody said is several texts; one that a step returned is data.
  if (role === "assistant" && nesting === 0 && list.every((entry) => typeof entry !== "object")) {
    return one(role, [{ type: "json", value: list }]);
  }
  const messages: Message[] = [];
  let loose: unknown[] = [];
  let looseRole = role;
  const flush = () => {
    messages.push(...one(looseRole, partsOf(loose)));
    loose = [];
    looseRole = role;
  };
  for (const entry of list) {
    const item = parsed(entry);
    if (isRecord(item) && isCallItem(item)) {
      if (looseRole !== "assistant") flush();
      looseRole = "assistant";
      loose.push(item);
      continue;
    }
    const found = Array.isArray(item)
      ? fromList(item, role, nesting + 1)
      : isRecord(item)
        ? (messageFrom(item, role) ?? fromBody(item, role, nesting + 1))
        : undefined;
    if (found === undefined) {
      if (looseRole !== role) flush();
      loose.push(item);
      continue;
    }
    flush();
    messages.push(...found);
  }
  flush();
  return messages;
}

/** `["system", "You are…"]`, as LangChain writes prompts. */
function isTupleMessage(entry: unknown): boolean {
  return (
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === "string" &&
    /^(system|human|user|ai|assistant)$/.test(entry[0])
  );
}

/** The bodies of requests and responses, by the key under which each API keeps its messages. */
function fromBody(body: PlainRecord, role: string, nesting: number): Message[] | undefined {
  const next = (value: unknown, defaultRole = role) => fromValue(parsed(value), defaultRole, nesting + 1);
  const message = messageFrom(body, role);
  if (message !== undefined) return message;
  if ("messages" in body) {
    const system = body.system === undefined ? [] : one("system", partsOf(parsed(body.system)));
    return [...system, ...next(body.messages)];
  }
  if (Array.isArray(body.choices)) return body.choices.flatMap((choice) => choiceFrom(choice, role));
  if ("contents" in body) return [...systemOf(body), ...next(body.contents, "user")];
  if (Array.isArray(body.candidates)) return body.candidates.flatMap((choice) => choiceFrom(choice, role));
  if ("generations" in body) return next(body.generations);
  if (isRecord(body.message)) return next(body.message);
  if (isRecord(body.content) && "parts" in body.content) return choiceFrom(body, "assistant");
  if (isRecord(body.output) && isRecord(body.output.message)) return next(body.output.message);
  if (Array.isArray(body.output) && body.object === "response") return next(body.output, "assistant");
  if ("prompt" in body && (typeof body.prompt === "string" || Array.isArray(body.prompt))) {
    const system = body.system === undefined ? [] : one("system", partsOf(parsed(body.system)));
    return [...system, ...next(body.prompt)];
  }
  if ("input" in body && ("model" in body || "instructions" in body)) {
    const system = typeof body.instructions === "string" ? one("system", partsOf(body.instructions)) : [];
    return [...system, ...next(body.input)];
  }
  return undefined;
}

function systemOf(body: PlainRecord): Message[] {
  const config = isRecord(body.config) ? body.config : body;
  const system = config.systemInstruction ?? config.system_instruction;
  return one("system", partsOf(isRecord(system) && Array.isArray(system.parts) ? system.parts : system));
}

function choiceFrom(choice: unknown, role: string): Message[] {
  if (!isRecord(choice)) return [];
  const inner = choice.message ?? choice.content ?? choice.delta ?? choice.text;
  const found = isRecord(inner) ? (messageFrom(inner, role) ?? []) : one(role, partsOf(inner));
  const reason = textField(choice, "finish_reason") || textField(choice, "finishReason");
  return found.map((message) =>
    reason === "" || message.finishReason !== undefined ? message : { ...message, finishReason: reason },
  );
}

/** One message in the form of any API; undefined when the object is none. */
export function messageFrom(item: PlainRecord, role: string): Message[] | undefined {
  if (isRecord(item.kwargs) && Array.isArray(item.id)) return langChainObject(item.id, item.kwargs, role);
  if (isRecord(item.data) && typeof item.type === "string" && "content" in item.data) {
    return messageFrom({ ...item.data, role: item.type }, role);
  }
  if (
    isRecord(item.message) &&
    !("role" in item) &&
    ("text" in item || "generation_info" in item || "generationInfo" in item)
  ) {
    return messageFrom(item.message, role);
  }
  const type = textField(item, "type");
  if (isCallItem(item)) return one("assistant", partsOf([item]));
  if (/^(function_call|custom_tool_call)_output$/.test(type)) return one("tool", partsOf([item]));
  const stated = textField(item, "role") || (/^(human|ai|system|tool)$/.test(type) ? type : "");
  if (stated === "" && type !== "message") return undefined;
  if (!("content" in item || "parts" in item || "tool_calls" in item || "toolCalls" in item))
    return undefined;
  return [built(item, roleOf(stated || role))];
}

/** An item of OpenAI's Responses API that is part of the assistant's turn without saying so. */
function isCallItem(item: PlainRecord): boolean {
  const type = textField(item, "type");
  return (
    /^(function_call|custom_tool_call)$/.test(type) || (type === "reasoning" && Array.isArray(item.summary))
  );
}

const ROLES: Readonly<Record<string, string>> = {
  human: "user",
  humanmessage: "user",
  ai: "assistant",
  aimessage: "assistant",
  model: "assistant",
  systemmessage: "system",
  toolmessage: "tool",
  functionmessage: "tool",
  function: "tool",
};

/** The four usual roles in their usual spelling; another one as the emitter wrote it. */
function roleOf(stated: string): string {
  const role = stated.toLowerCase().replace(/messagechunk$/, "message");
  if (Object.hasOwn(ROLES, role)) return ROLES[role]!;
  return /^(system|developer|user|assistant|tool)$/.test(role) ? role : stated;
}

/** `{lc: 1, type: "constructor", id: [..., "HumanMessage"], kwargs: {content}}` */
function langChainObject(id: readonly unknown[], kwargs: PlainRecord, role: string): Message[] | undefined {
  const name = id[id.length - 1];
  if (typeof name !== "string" || !("content" in kwargs)) return undefined;
  return [built(kwargs, roleOf(name.endsWith("Message") || name.endsWith("MessageChunk") ? name : role))];
}

function built(item: PlainRecord, role: string): Message {
  const name = textField(item, "name");
  const finishReason =
    textField(item, "finish_reason") || textField(item, "finishReason") || textField(item, "stop_reason");
  return {
    role,
    parts: role === "tool" ? toolParts(item) : [...spokenParts(item), ...calledParts(item)],
    ...(name === "" || role === "tool" ? {} : { name }),
    ...(finishReason === "" ? {} : { finishReason }),
  };
}

function spokenParts(item: PlainRecord): Part[] {
  const thought = textField(item, "reasoning_content") || textField(item, "reasoning");
  const content = parsedBlocks(item.parts ?? item.content);
  return [
    ...(thought === "" ? [] : [{ type: "reasoning", text: thought } as const]),
    ...partsOf(content),
    ...partsOf(typeof item.refusal === "string" ? item.refusal : undefined),
  ];
}

/** Content that is JSON text of blocks is read; JSON that somebody said to the model stays text. */
function parsedBlocks(content: unknown): unknown {
  if (typeof content !== "string" || !content.startsWith('[{"')) return content;
  const blocks = parsed(content);
  const known =
    /^(text|input_text|output_text|image|image_url|tool_use|tool_result|tool-call|tool-result|thinking)$/;
  const isBlocks =
    Array.isArray(blocks) && blocks.every((block) => isRecord(block) && known.test(textField(block, "type")));
  return isBlocks ? blocks : content;
}

/** Calls beside the content; a call that the content holds too is not repeated. */
function calledParts(item: PlainRecord): Part[] {
  const extra = isRecord(item.additional_kwargs) ? item.additional_kwargs.tool_calls : undefined;
  const listed = parsed(item.tool_calls ?? item.toolCalls);
  const calls = Array.isArray(listed) && listed.length > 0 ? listed : Array.isArray(extra) ? extra : [];
  const said = new Set(
    spokenParts(item).flatMap((part) => (part.type === "tool_call" && part.id !== "" ? [part.id] : [])),
  );
  const parts: Part[] = calls.flatMap((call) => (isRecord(call) ? [toolCallFrom(call)] : []));
  if (isRecord(item.function_call)) parts.push(toolCallFrom(item.function_call));
  return parts.filter((part) => part.type !== "tool_call" || !said.has(part.id));
}

/** A tool's message: its content is the result, unless it already consists of results. */
function toolParts(item: PlainRecord): Part[] {
  const content = item.parts ?? item.content;
  if (Array.isArray(content)) {
    const parts = partsOf(content);
    if (parts.some((part) => part.type === "tool_call_response")) return parts;
  }
  return [
    {
      type: "tool_call_response",
      id: textField(item, "tool_call_id") || textField(item, "toolCallId") || textField(item, "id"),
      name: textField(item, "name"),
      result: toolResult(content ?? null),
    },
  ];
}
