import type { Conversation } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { partsOf } from "../parts.ts";
import { type Attributes, parsed } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** `gen_ai.input.messages` and its siblings: OpenTelemetry's GenAI conventions since 1.37. */
export const otelGenAi: Translator = {
  scopes:
    /^(gen_ai$|opentelemetry\.util\.genai|opentelemetry\.instrumentation\.(openai_v2|openai_agents|google_genai|vertexai)|pydantic-ai$|clew)/,
  read(source: Source): Partial<Conversation> {
    const own = fromAttributes(source.attributes);
    const details = source.events.find((event) => event.name === "gen_ai.client.inference.operation.details");
    if (details === undefined) return own;
    const logged = fromAttributes(details.attributes);
    return {
      system: own.system.length > 0 ? own.system : logged.system,
      input: own.input.length > 0 ? own.input : logged.input,
      output: own.output.length > 0 ? own.output : logged.output,
      toolDefinitions: own.toolDefinitions.length > 0 ? own.toolDefinitions : logged.toolDefinitions,
    };
  },
};

function fromAttributes(attributes: Attributes): Conversation {
  return {
    system: partsOf(parsed(attributes.get("gen_ai.system_instructions"))),
    input: [
      ...messagesFrom(attributes.get("gen_ai.input.messages"), "user"),
      ...messagesFrom(attributes.first("gen_ai.retrieval.query.text", "gen_ai.memory.query.text"), "user"),
    ],
    output: [
      ...messagesFrom(attributes.get("gen_ai.output.messages"), "assistant"),
      ...documents(attributes),
    ],
    toolDefinitions: toolDefinitionsFrom(attributes.get("gen_ai.tool.definitions")),
  };
}

function documents(attributes: Attributes): Conversation["output"] {
  const found = parsed(attributes.first("gen_ai.retrieval.documents", "gen_ai.memory.records"));
  return found === undefined ? [] : [{ role: "assistant", parts: [{ type: "json", value: found }] }];
}
