import assert from "node:assert/strict";
import { type AgentRun, runAgent } from "./agent-process.ts";
import type { PlainValue, ReceivedLog } from "./otlp-collector.ts";

export interface LoggingAgent {
  readonly kind: "esm" | "cjs";
  /** Statements that import the library, for either kind of module. */
  readonly esm: string;
  readonly cjs: string;
  /** Runs outside of any span and without ids. */
  readonly before?: string;
  /** Runs in the span of an agent, in session `s1`. */
  readonly inside: string;
  readonly after?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As in `AgentOptions`. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface LoggingRun extends AgentRun {
  /** In the order of their times. */
  readonly logs: readonly ReceivedLog[];
  /** What a log line says where the agent's span is active. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Runs an agent that logs, and expects it to end well. */
export async function runLoggingAgent(agent: LoggingAgent): Promise<LoggingRun> {
  const names = "{ agent, withCorrelation }";
  const [library, api] =
    agent.kind === "esm"
      ? [agent.esm, `import ${names} from "@clew/instrument";`]
      : [agent.cjs, `const ${names} = require("@clew/instrument");`];
  const body = `
    ${agent.before ?? ""}
    withCorrelation({ "session.id": "s1" }, () => agent("logger", () => { ${agent.inside} }));
    ${agent.after ?? ""}`;
  const { kind, env = {}, versions = {} } = agent;
  const run = await runAgent({ kind, source: `${library}\n${api}\n${body}`, env, versions });
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  const span = run.spans.find(({ name }) => name === "invoke_agent logger");
  assert.ok(span?.traceId !== undefined && span.spanId !== undefined);
  const flags = ((span.flags ?? 0) & 0xff).toString(16).padStart(2, "0");
  const ids = { trace_id: span.traceId, span_id: span.spanId, trace_flags: flags, "session.id": "s1" };
  const logs = run.logs.toSorted((a, b) => Number(BigInt(a.timeUnixNano ?? 0) - BigInt(b.timeUnixNano ?? 0)));
  return { ...run, logs, ids };
}

/** A log record on one line: severity, its text, whether it names the span, body and attributes. */
export function summary(
  log: ReceivedLog,
  ids: LoggingRun["ids"],
): [number, string, boolean, PlainValue, Record<string, PlainValue>] {
  const { "exception.stacktrace": stack, ...attributes } = log.attributes;
  assert.ok(stack === undefined || /^\w*Error: /.test(String(stack)));
  const isInSpan = log.traceId === ids.trace_id && log.spanId === ids.span_id;
  return [log.severityNumber ?? 0, log.severityText ?? "", isInSpan, log.body, attributes];
}
