import { TraceBuilder } from "./span-builder.ts";

export interface ChatOptions {
  readonly startMs: number;
  /** Calls of the model; each but the last calls a tool. */
  readonly calls: number;
  readonly question?: string;
}

const SYSTEM = "You keep the books of a shop. Answer with a table where it helps.";

export const CHAT_ANSWER = [
  "## What I found",
  "",
  "| month | fee |",
  "|---|---|",
  "| May | **$12.50** |",
  "",
  "See [the policy](https://policy.example/late) for more.",
].join("\n");

/** How many spans such a trace has. */
export function chatSpans(calls: number): number {
  return 2 * calls;
}

/** One agent that asks its model again and again, each time with all that was said before. */
export function chatTrace({ startMs, calls, question = "Which fees did I pay?" }: ChatOptions): TraceBuilder {
  const trace = new TraceBuilder(startMs);
  const agent = { "gen_ai.agent.name": "bookkeeper" };
  const root = trace.add({
    name: "invoke_agent bookkeeper",
    service: "books",
    at: 0,
    took: calls * 100,
    attributes: { ...agent, "gen_ai.operation.name": "invoke_agent" },
  });
  const history: object[] = [{ role: "user", parts: [{ type: "text", content: question }] }];
  for (let at = 0; at < calls; at++) {
    const isLast = at === calls - 1;
    const parts = isLast
      ? [{ type: "text", content: CHAT_ANSWER }]
      : [
          { type: "text", content: `Looking at page ${at}.` },
          { type: "tool_call", id: `c${at}`, name: "read_page", arguments: { page: at } },
        ];
    const answer = { role: "assistant", parts };
    trace.add({
      name: "chat gpt-5-mini",
      service: "books",
      at: at * 100,
      took: 60,
      parent: root,
      attributes: {
        ...agent,
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.usage.input_tokens": 100 + at,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: SYSTEM }]),
        "gen_ai.input.messages": JSON.stringify(history),
        "gen_ai.output.messages": JSON.stringify([
          { ...answer, finish_reason: isLast ? "stop" : "tool_calls" },
        ]),
      },
    });
    if (isLast) break;
    const result = `page ${at}: nothing but entry ${at * 7}`;
    trace.add({
      name: "execute_tool read_page",
      service: "books",
      at: at * 100 + 65,
      took: 20,
      parent: root,
      attributes: {
        ...agent,
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "read_page",
        "gen_ai.tool.call.id": `c${at}`,
        "gen_ai.tool.call.arguments": JSON.stringify({ page: at }),
        "gen_ai.tool.call.result": result,
      },
    });
    history.push(answer, {
      role: "tool",
      parts: [{ type: "tool_call_response", id: `c${at}`, response: result }],
    });
  }
  return trace;
}
