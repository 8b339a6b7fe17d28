import assert from "node:assert/strict";
import { type AgentOptions, type AgentRun, runAgent } from "./agent-process.ts";
import type { ReceivedSpan } from "./otlp-collector.ts";

export const PRODUCER = 4;
export const CONSUMER = 5;
export const CLIENT = 3;

/** Ids that every agent of `runQueueAgent` gets from whoever calls it. */
export const CALLER = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  session: "s 1",
};

export interface QueueAgent extends Omit<AgentOptions, "source"> {
  /** Modules by the names they get: `{ amqp: "amqplib" }`; `{ Kafka: "kafkajs.Kafka" }` for an export of one. */
  readonly imports: Readonly<Record<string, string>>;
  /**
   * Body of an async function that knows the imports, `traced(work)`, which runs `work` as the handler of a
   * request of the caller above, and `step(name)`, which makes a span of the agent's own.
   */
  readonly body: string;
}

/** Runs an agent that sends and receives. What its body prints as JSON with `say` comes back too. */
export async function runQueueAgent(agent: QueueAgent): Promise<AgentRun & { said: unknown[] }> {
  const run = await runAgent({ ...agent, source: sourceOf(agent) });
  assert.equal(run.stderr, "");
  assert.equal(run.code, 0);
  const said = run.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
  return { ...run, said };
}

function sourceOf({ kind, imports, body }: QueueAgent): string {
  const all = {
    http: "node:http",
    net: "node:net",
    events: "node:events",
    api: "@opentelemetry/api",
    ...imports,
  };
  const heads = Object.entries(all).map(([name, from]) => {
    const [, module, member] = /^(.*?)(?:#(\w+))?$/.exec(from)!;
    if (kind === "cjs") return `const ${name} = require("${module}")${member ? `.${member}` : ""};`;
    if (member) return `import { ${member} as ${name} } from "${module}";`;
    const isNamespace = /^node:|^@opentelemetry/.test(from) && name !== "events";
    return `import ${isNamespace ? "* as " : ""}${name} from "${module}";`;
  });
  return `${heads.join("\n")}
const say = (value) => console.log(JSON.stringify(value));
const step = (name) => api.trace.getTracer("agent").startSpan(name).end();
async function traced(work) {
  let failure;
  const server = http.createServer(async (request, response) => {
    try { await work(); } catch (error) { failure = error; }
    response.end();
  });
  await events.once(server.listen(0, "127.0.0.1"), "listening");
  const socket = net.connect(server.address().port, "127.0.0.1");
  socket.write("GET /work HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n" +
    "traceparent: 00-${CALLER.traceId}-${CALLER.spanId}-01\\r\\nbaggage: session.id=s%201\\r\\n\\r\\n");
  await events.once(socket.resume(), "close");
  server.close();
  if (failure) throw failure;
}
async function main() {
${body}
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;
}

/** The only span that fits; fails with all there are otherwise. */
export function only(
  spans: readonly ReceivedSpan[],
  what: string,
  fits: (span: ReceivedSpan) => boolean,
): ReceivedSpan {
  const found = spans.filter(fits);
  const all = spans.map(({ kind, name, traceId }) => `${kind} ${name} ${traceId}`).join("\n");
  assert.equal(found.length, 1, `${what}: ${found.length} of\n${all}`);
  return found[0]!;
}

/** Asserts that every span is in the caller's trace, hangs on another of it, and has the caller's ids. */
export function assertOneTrace(spans: readonly ReceivedSpan[]): void {
  const ids = new Set([CALLER.spanId, ...spans.map(({ spanId }) => spanId)]);
  for (const { name, traceId, parentSpanId, attributes } of spans) {
    assert.equal(traceId, CALLER.traceId, `${name} is in another trace`);
    assert.ok(ids.has(parentSpanId ?? ""), `${name} has no parent`);
    assert.equal(attributes["session.id"], CALLER.session, `${name} has lost the ids`);
  }
}
