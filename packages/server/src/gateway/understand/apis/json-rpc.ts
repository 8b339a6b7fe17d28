import type { Failure } from "../failure.ts";
import { type Fields, fields, idOf } from "../text/value.ts";

/** The messages of a body: one, or those of a batch. */
export function messagesIn(body: unknown): readonly Fields[] {
  return Array.isArray(body) ? body.map(fields) : [fields(body)];
}

/** The message that a body is about: the first request, else the first notification. */
export function mainMessage(body: unknown): Fields {
  const messages = messagesIn(body);
  const calls = messages.filter(({ method }) => typeof method === "string");
  return calls.find(({ id }) => id !== undefined) ?? calls[0] ?? messages[0] ?? {};
}

/** Whether a message answers the request with this id; any answer does where the request had none. */
export function answers(message: Fields, requestId: unknown): boolean {
  if (message.method !== undefined || !("result" in message || "error" in message)) return false;
  return requestId === undefined || idOf(message.id) === requestId || message.id === null;
}

/** The error of an answer, with its code as its type. */
export function rpcFailure(message: Fields): Failure | undefined {
  if (typeof message.error !== "object" || message.error === null) return undefined;
  const { code, message: text } = fields(message.error);
  return { type: idOf(code) ?? "unknown", message: typeof text === "string" ? text : "" };
}
