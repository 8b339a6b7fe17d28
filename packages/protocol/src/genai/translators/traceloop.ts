import type { Conversation, Message } from "../message.ts";
import { messageFrom, messagesFrom } from "../messages.ts";
import { type Attributes, isRecord } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";
import { unflatten } from "../unflatten.ts";

/** OpenLLMetry (Traceloop) before it took up `gen_ai.input.messages`: `gen_ai.prompt.N.*` and entity payloads. */
export const traceloop: Translator = {
  scopes: /^(opentelemetry\.instrumentation\.|@traceloop\/|traceloop\.)/,
  read({ attributes }: Source): Partial<Conversation> {
    const input = numbered(attributes, "gen_ai.prompt", "user");
    const output = numbered(attributes, "gen_ai.completion", "assistant");
    return {
      input:
        input.length > 0 ? input : messagesFrom(entity(attributes.json("traceloop.entity.input")), "user"),
      output:
        output.length > 0
          ? output
          : messagesFrom(entity(attributes.json("traceloop.entity.output")), "assistant"),
      toolDefinitions: toolDefinitionsFrom(unflatten(attributes, "llm.request.functions")),
    };
  },
};

function numbered(attributes: Attributes, prefix: string, role: string): Message[] {
  const list = unflatten(attributes, prefix);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    return messageFrom({ content: undefined, ...entry, role: entry.role ?? role }, role) ?? [];
  });
}

/** Decorators wrap what they record as `{inputs, tags, metadata, kwargs}` or `{args, kwargs}`. */
export function entity(payload: unknown): unknown {
  if (!isRecord(payload)) return payload;
  const inner = payload.inputs ?? payload.outputs ?? payload.input_str ?? payload.output;
  if (inner !== undefined && ("kwargs" in payload || "tags" in payload)) return inner;
  if (!("args" in payload && "kwargs" in payload)) return payload;
  const args = Array.isArray(payload.args) ? payload.args : [];
  if (args.length === 0) return payload.kwargs;
  const isBare = isRecord(payload.kwargs) && Object.keys(payload.kwargs).length === 0;
  return isBare ? (args.length === 1 ? args[0] : args) : payload;
}
