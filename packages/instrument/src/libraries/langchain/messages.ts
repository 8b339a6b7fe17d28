import { fromJson, type Message, type Part } from "../../genai/message.ts";
import { type Fields, fields, listOf, textOf } from "../../models/value.ts";

const ROLES: Readonly<Record<string, string>> = { human: "user", ai: "assistant", generic: "user" };

/** Messages of LangChain, in whichever form an agent states them; nothing where there are none. */
export function messagesOf(messages: unknown): Message[] {
  const list = Array.isArray(messages) ? (messages as unknown[]) : messages === undefined ? [] : [messages];
  return list.map(messageOf);
}

function messageOf(message: unknown): Message {
  if (typeof message === "string") return { role: "user", parts: [{ type: "text", content: message }] };
  if (Array.isArray(message)) return { role: roleOf(message[0]), parts: partsOf(message[1]) };
  const of = fields(message);
  const role = roleOf(of.role ?? typeOf(message));
  if (role === "tool") {
    const id = textOf(of.tool_call_id);
    return { role, parts: [{ type: "tool_call_response", id, response: contentOf(of.content) }] };
  }
  const calls = listOf(of.tool_calls).map((call): Part => {
    const { id, name, args } = fields(call);
    return { type: "tool_call", id: textOf(id), name: String(name ?? ""), arguments: fromJson(args) };
  });
  return { role, parts: [...partsOf(of.content), ...calls] };
}

function typeOf(message: unknown): unknown {
  const { _getType: type, type: stated } = message as { _getType?: () => string; type?: string };
  return typeof type === "function" ? type.call(message) : stated;
}

function roleOf(role: unknown): string {
  return ROLES[String(role)] ?? String(role ?? "user");
}

function partsOf(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  return listOf(content).flatMap((block): Part[] => {
    const { type, text, reasoning, thinking } = fields(block);
    if (typeof block === "string") return [{ type: "text", content: block }];
    if (type === "text") return [{ type, content: String(text ?? "") }];
    if (type === "reasoning" || type === "thinking") {
      return [{ type: "reasoning", content: String(reasoning ?? thinking ?? "") }];
    }
    // The message has these calls once more.
    if (type === "tool_use" || type === "tool_call" || type === "function_call") return [];
    return [{ ...(fields(block) as Fields), type: String(type ?? "unknown") }];
  });
}

/** Content that is text alone as that; anything else as it is. */
export function contentOf(content: unknown): unknown {
  return typeof content === "string" ? fromJson(content) : content;
}
