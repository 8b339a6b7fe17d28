import type { Conversation, Message } from "../message.ts";
import { messageFrom, messagesFrom } from "../messages.ts";
import { isRecord, parsed, textField } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/**
 * Logfire and Pydantic AI beside `gen_ai.*`: `pydantic_ai.all_messages` and `final_result` of an agent's run,
 * `events` of older versions, `request_data` and `response_data` of the model clients.
 */
export const logfire: Translator = {
  scopes: /^(logfire|pydantic-ai)/,
  read({ attributes }: Source): Partial<Conversation> {
    const request = attributes.json("request_data");
    const { input, output } = split(
      eventsOf(attributes.json("all_messages_events") ?? attributes.json("events")),
    );
    const run = ofRun(messagesFrom(attributes.get("pydantic_ai.all_messages"), "user"));
    const result = messagesFrom(attributes.get("final_result"), "assistant");
    const answered = messagesFrom(attributes.json("response_data"), "assistant");
    return {
      input: first(run.input, input, messagesFrom(request ?? attributes.get("prompt"), "user")),
      output: first(result, run.output, output, answered),
      toolDefinitions: toolDefinitionsFrom(
        isRecord(request) ? request.tools : parameters(attributes.json("model_request_parameters")),
      ),
    };
  },
};

function parameters(value: unknown): unknown {
  return isRecord(value) ? (value.function_tools ?? value.output_tools) : undefined;
}

/** Events as messages, each with whether it is a choice of the model. */
function eventsOf(list: unknown): { message: Message; choice: boolean }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const event = parsed(entry);
    if (!isRecord(event)) return [];
    const choice = textField(event, "event.name") === "gen_ai.choice";
    const inner = choice && isRecord(event.message) ? event.message : event;
    const role = /^gen_ai\.(\w+)\.message$/.exec(textField(event, "event.name"))?.[1] ?? "assistant";
    const found = messageFrom({ content: undefined, ...inner, role: inner.role ?? role }, role) ?? [];
    return found.map((message) => ({ message, choice }));
  });
}

interface Halves {
  readonly input: Message[];
  readonly output: Message[];
}

/** What the model said last is the output: its choice, or the assistant's messages at the end. */
function split(events: readonly { message: Message; choice: boolean }[]): Halves {
  const messages = events.map(({ message }) => message);
  const at = events.findIndex(({ choice }) => choice);
  return at < 0 ? ofRun(messages) : { input: messages.slice(0, at), output: messages.slice(at) };
}

function ofRun(messages: readonly Message[]): Halves {
  let at = messages.length;
  while (at > 0 && messages[at - 1]!.role === "assistant") at--;
  return { input: messages.slice(0, at), output: messages.slice(at) };
}

function first(...candidates: readonly Message[][]): Message[] {
  return candidates.find((messages) => messages.length > 0) ?? [];
}
