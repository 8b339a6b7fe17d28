import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.env.GATEWAY_URL}/v1`, apiKey: "none" });

/** Asks the model, and does what it calls for, until it has an answer. `headers` go along with each request. */
export async function converse({ instructions, question, tools, headers }) {
  const messages = [
    { role: "system", content: instructions },
    { role: "user", content: question },
  ];
  for (;;) {
    const { choices } = await client.chat.completions.create(
      { model: "gpt-5-mini", messages, tools: tools.map(described) },
      { headers },
    );
    const { message } = choices[0];
    messages.push(message);
    if (message.tool_calls === undefined) return message.content;
    for (const { id, function: called } of message.tool_calls) {
      const { work } = tools.find(({ name }) => name === called.name);
      const result = await work(JSON.parse(called.arguments));
      const content = typeof result === "string" ? result : JSON.stringify(result);
      messages.push({ role: "tool", tool_call_id: id, content });
    }
  }
}

function described({ name, description, parameter }) {
  const properties = { [parameter]: { type: "string" } };
  const parameters = { type: "object", properties, required: [parameter] };
  return { type: "function", function: { name, description, parameters } };
}
