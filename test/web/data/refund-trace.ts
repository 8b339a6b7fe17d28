import { attributesOf, nanos, TraceBuilder } from "./span-builder.ts";

export interface RefundOptions {
  readonly startMs: number;
  /** Ids that all spans carry, such as `test.case.id`. */
  readonly shared?: Readonly<Record<string, string>>;
  /** The ledger times out, and the orchestrator gives up. */
  readonly fails?: boolean;
  readonly question?: string;
  readonly answer?: string;
}

const SYSTEM =
  "You are the refund desk of a shop. Check the policy before you promise money. Be brief and kind.";
const POLICY = "Late fees are refunded when the parcel arrived more than three days after the promised date.";

function chat(model: string, input: unknown[], output: unknown[], tokens: readonly [number, number]) {
  const provider = model.startsWith("claude") ? "anthropic" : "openai";
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.usage.input_tokens": tokens[0],
    "gen_ai.usage.output_tokens": tokens[1],
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: SYSTEM }]),
    "gen_ai.input.messages": JSON.stringify(input),
    "gen_ai.output.messages": JSON.stringify(output),
  };
}

const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const answer = (content: string) => ({ ...text("assistant", content), finish_reason: "stop" });
const call = (id: string, name: string, args: unknown) => ({
  role: "assistant",
  parts: [{ type: "tool_call", id, name, arguments: args }],
  finish_reason: "tool_calls",
});
const agent = (name: string) => ({
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": name,
  "gen_ai.agent.id": `asst_${name}`,
});
const tool = (name: string, id: string, args: unknown, result?: unknown) => ({
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": name,
  "gen_ai.tool.call.id": id,
  "gen_ai.tool.call.arguments": JSON.stringify(args),
  ...(result !== undefined && { "gen_ai.tool.call.result": JSON.stringify(result) }),
});

/** Four agents on a refund: an orchestrator that asks a researcher and a ledger clerk, and a writer for the answer. */
export function refundTrace(options: RefundOptions): TraceBuilder {
  const { fails = false } = options;
  const question =
    options.question ??
    "My parcel came a week late and I was charged a late fee. Can I have it back? Order 8831.";
  const said =
    options.answer ?? "Good news: the late fee of $12.50 for order 8831 is on its way back to you.";
  const trace = new TraceBuilder(options.startMs, options.shared);
  const root = trace.add({
    name: "POST /refunds",
    service: "storefront",
    at: 0,
    took: fails ? 31_400 : 9400,
    kind: 2,
    attributes: {
      "http.request.method": "POST",
      "http.route": "/refunds",
      "http.response.status_code": fails ? 502 : 200,
    },
    ...(fails && { error: "" }),
  });
  const orchestrator = trace.add({
    name: "invoke_agent orchestrator",
    service: "orchestrator",
    at: 12,
    took: fails ? 31_360 : 9360,
    parent: root,
    attributes: agent("orchestrator"),
    ...(fails && { error: "gave up after 3 attempts" }),
  });
  trace.add({
    name: "chat gpt-5-mini",
    service: "orchestrator",
    at: 20,
    took: 1450,
    parent: orchestrator,
    kind: 3,
    attributes: {
      ...chat(
        "gpt-5-mini",
        [text("user", question)],
        [call("call_1", "ask_researcher", { order: 8831, topic: "late fee" })],
        [412, 58],
      ),
      "gen_ai.agent.name": "orchestrator",
    },
  });
  const asks = trace.add({
    name: "execute_tool ask_researcher",
    service: "orchestrator",
    at: 1490,
    took: 3100,
    parent: orchestrator,
    attributes: tool(
      "ask_researcher",
      "call_1",
      { order: 8831, topic: "late fee" },
      { entitled: true, rule: "R-17" },
    ),
  });
  const researcher = trace.add({
    name: "invoke_agent researcher",
    service: "researcher",
    at: 1520,
    took: 3040,
    parent: asks,
    attributes: agent("researcher"),
  });
  trace.add({
    name: "retrieve policies",
    service: "researcher",
    at: 1540,
    took: 240,
    parent: researcher,
    attributes: {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": "policies",
      "openinference.span.kind": "RETRIEVER",
    },
  });
  trace.add({
    name: "chat claude-sonnet-5",
    service: "researcher",
    at: 1800,
    took: 2700,
    parent: researcher,
    kind: 3,
    attributes: {
      ...chat(
        "claude-sonnet-5",
        [text("user", `Is order 8831 entitled to a refund of the late fee?\n\nPolicy:\n${POLICY}`)],
        [
          {
            role: "assistant",
            parts: [
              {
                type: "reasoning",
                content: "Promised on the 3rd, arrived on the 10th: seven days. More than three.",
              },
              { type: "text", content: '{"entitled": true, "rule": "R-17", "days_late": 7}' },
            ],
            finish_reason: "stop",
          },
        ],
        [1830, 96],
      ),
      "gen_ai.agent.name": "researcher",
      "gen_ai.response.time_to_first_chunk": 0.62,
    },
  });
  ledger(trace, orchestrator, fails);
  if (!fails) {
    const writer = trace.add({
      name: "invoke_agent writer",
      service: "writer",
      at: 6900,
      took: 2420,
      parent: orchestrator,
      attributes: agent("writer"),
    });
    trace.add({
      name: "chat gpt-5-mini",
      service: "writer",
      at: 6930,
      took: 2350,
      parent: writer,
      kind: 3,
      attributes: {
        ...chat(
          "gpt-5-mini",
          [
            text("user", question),
            text("assistant", "I looked at the policy and at your account."),
            {
              role: "tool",
              parts: [
                { type: "tool_call_response", id: "call_2", response: { refunded: 12.5, currency: "USD" } },
              ],
            },
            text("user", "Write the answer to the customer."),
          ],
          [answer(said)],
          [655, 71],
        ),
        "gen_ai.agent.name": "writer",
      },
    });
  }
  return trace;
}

function ledger(trace: TraceBuilder, orchestrator: string, fails: boolean): void {
  const args = { order: 8831, amount: 12.5, currency: "USD", reason: "R-17" };
  for (let attempt = 0; attempt < (fails ? 3 : 1); attempt++) {
    const at = 4700 + attempt * 8800;
    const took = fails ? 8500 : 2100;
    const failure = fails ? { error: "ledger did not answer within 8 s" } : {};
    const refund = trace.add({
      name: "execute_tool refund_fee",
      service: "orchestrator",
      at,
      took,
      parent: orchestrator,
      attributes: {
        ...tool(
          "refund_fee",
          `call_${attempt + 2}`,
          args,
          fails ? undefined : { refunded: 12.5, currency: "USD" },
        ),
        ...(fails && { "error.type": "timeout" }),
      },
      ...failure,
    });
    const clerk = trace.add({
      name: "invoke_agent ledger-clerk",
      service: "ledger",
      at: at + 25,
      took: took - 60,
      parent: refund,
      attributes: { ...agent("ledger-clerk"), ...(fails && { "error.type": "timeout" }) },
      ...failure,
    });
    trace.add({
      name: "UPDATE accounts",
      service: "ledger",
      at: at + 60,
      took: took - 120,
      parent: clerk,
      kind: 3,
      attributes: {
        "db.system.name": "postgresql",
        "db.query.text": "UPDATE accounts SET balance = balance + $1 WHERE id = $2",
        ...(fails && { "error.type": "LockTimeout" }),
      },
      ...(fails && {
        error: "canceling statement due to lock timeout",
        events: [
          {
            timeUnixNano: nanos(trace.startMs + at + took - 70),
            name: "exception",
            attributes: attributesOf({
              "exception.type": "LockTimeout",
              "exception.message": "canceling statement due to lock timeout",
              "exception.stacktrace":
                "LockTimeout: canceling statement due to lock timeout\n    at Ledger.refund (ledger.js:88:13)\n    at Clerk.run (clerk.js:41:20)",
            }),
          },
        ],
      }),
    });
  }
}
