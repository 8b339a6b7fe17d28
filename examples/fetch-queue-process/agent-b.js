/** Agent B: processes what agent A has fetched. */
import Anthropic from "@anthropic-ai/sdk";
import { openQueue } from "./queue.js";

const client = new Anthropic();
const queue = await openQueue();

await queue.receive(async ({ data }) => {
  const stream = client.messages.stream({
    model: "claude-sonnet-5",
    max_tokens: 200,
    system: "Say in a sentence what the data means.",
    messages: [{ role: "user", content: JSON.stringify(data) }],
  });
  console.log(`processed ${data.id}: ${await stream.finalText()}`);
});
console.log("ready");
process.once("SIGTERM", () => queue.close());
