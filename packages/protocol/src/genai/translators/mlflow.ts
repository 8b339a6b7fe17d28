import type { Conversation } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { isRecord } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** MLflow: `mlflow.spanInputs` and `mlflow.spanOutputs`, every value JSON text. */
export const mlflow: Translator = {
  scopes: /^mlflow/,
  read({ attributes }: Source): Partial<Conversation> {
    const inputs = attributes.json("mlflow.spanInputs");
    const tools = toolDefinitionsFrom(attributes.get("mlflow.chat.tools"));
    return {
      input: messagesFrom(inputs, "user"),
      output: messagesFrom(attributes.get("mlflow.spanOutputs"), "assistant"),
      toolDefinitions: tools.length > 0 || !isRecord(inputs) ? tools : toolDefinitionsFrom(inputs.tools),
    };
  },
};
