import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { AgentRun } from "./agent-process.ts";
import type { ModelServer } from "./model-servers/model-server.ts";

/** What agents of the tests of models begin with; `trace` is the OpenTelemetry API's. */
export const AGENT_HEAD = `
const say = (...of) => console.log(...of.map((value) => typeof value === "string" ? value : JSON.stringify(value)));
const tracer = trace.getTracer("test");
const inSpan = (name, call) => tracer.startActiveSpan(name, async (span) => { try { return await call(); } finally { span.end(); } });
`;

type Agent = (server: ModelServer, env: Readonly<Record<string, string>>) => Promise<AgentRun>;

export interface ModelRun {
  readonly server: ModelServer;
  readonly run: AgentRun;
  /** Runs the agent once more, against the same provider. */
  again(env: Readonly<Record<string, string>>): Promise<AgentRun>;
}

/** Has an agent run once, with all content, before the tests of the group, against a provider that ends after them. */
export function runBefore(start: () => Promise<ModelServer>, agent: Agent): ModelRun {
  let server: ModelServer | undefined;
  let run: AgentRun | undefined;
  before(async () => {
    server = await start();
    run = await agent(server, { CLEW_CONTENT: "full" });
  });
  after(() => server?.[Symbol.asyncDispose]());
  return {
    get server() {
      return server!;
    },
    get run() {
      return run!;
    },
    again: (env) => agent(server!, env),
  };
}

/** The agent printed what it prints when, by these variables, nothing of this scope is traced; returns that run. */
export async function assertUnnoticed(
  { run, again }: ModelRun,
  env: Readonly<Record<string, string>>,
  scope: RegExp,
): Promise<AgentRun> {
  const alone = await again(env);
  assert.deepEqual(
    alone.spans.filter((span) => scope.test(span.scope)),
    [],
  );
  const withoutPorts = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, "");
  assert.equal(withoutPorts(run.stdout), withoutPorts(alone.stdout));
  return alone;
}
