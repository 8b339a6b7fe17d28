import { type AgentOptions, type AgentRun, runAgent } from "./agent-process.ts";
import { latestSpans } from "./latest-spans.ts";

/** Defines `load` in an agent, which gets a module the way the agent's kind does. */
export const LOAD = {
  esm: "const load = (name) => import(name);",
  cjs: "const load = async (name) => require(name);",
};

export interface LoadingAgent extends Omit<AgentOptions, "source"> {
  /** Body of an async function that gets modules by `await load(name)`. */
  readonly main: string;
}

/** Runs an agent that is the same in both kinds; its spans are each there once, in the order of their starts. */
export async function runLoadingAgent({ main, ...options }: LoadingAgent): Promise<AgentRun> {
  const source = `${LOAD[options.kind]}\nasync function main() {${main}}\nmain();`;
  const run = await runAgent({ ...options, source });
  return { ...run, spans: latestSpans(run.spans) };
}
