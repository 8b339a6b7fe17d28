import type { Conversation } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { type Attributes, isRecord, type PlainRecord, parsed } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** Keys of what went in and what came out, by emitter. */
const PAYLOADS: readonly { readonly inputs: readonly string[]; readonly outputs: readonly string[] }[] = [
  // Google's Agent Development Kit
  { inputs: ["gcp.vertex.agent.llm_request"], outputs: ["gcp.vertex.agent.llm_response"] },
  // Laminar
  { inputs: ["lmnr.span.input"], outputs: ["lmnr.span.output"] },
  // Genkit
  { inputs: ["genkit:input"], outputs: ["genkit:output"] },
  // LiveKit
  { inputs: ["lk.chat_ctx", "lk.user_transcript"], outputs: ["lk.response.text"] },
  // Claude Code
  { inputs: ["user_prompt", "new_context"], outputs: ["response.model_output"] },
  // AgentOps
  { inputs: ["agentops.entity.input"], outputs: ["agentops.entity.output"] },
];

/** What Claude Code writes where the user has not allowed content. */
const WITHHELD = "<REDACTED>";

/** Emitters with one attribute for what went in, one for what came out, and nothing else to read. */
export const others: Translator = {
  scopes: /^(gcp\.vertex\.agent|lmnr|genkit-tracer|livekit-agents|com\.anthropic\.claude_code|agentops)/,
  read({ attributes }: Source): Partial<Conversation> {
    for (const { inputs, outputs } of PAYLOADS) {
      const input = firstShown(attributes, inputs);
      const output = firstShown(attributes, outputs);
      if (input === undefined && output === undefined) continue;
      return {
        input: messagesFrom(input, "user"),
        output: messagesFrom(output, "assistant"),
        toolDefinitions: isRecord(input) ? toolDefinitionsFrom(tools(input)) : [],
      };
    }
    return {};
  },
};

function firstShown(attributes: Attributes, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = shown(attributes.json(key));
    if (value !== undefined) return value;
  }
  return undefined;
}

function shown(value: unknown): unknown {
  const isEmpty = isRecord(value) && Object.keys(value).length === 0;
  return value === WITHHELD || value === "" || isEmpty ? undefined : value;
}

function tools(request: PlainRecord): unknown {
  const config = parsed(request.config);
  return request.tools ?? (isRecord(config) ? config.tools : undefined);
}
