import { randomBytes } from "node:crypto";
import type { ConfigInput } from "../../config/load-config.ts";
import { packagesFolder } from "../python/packages-folder.ts";
import { preloadUrl } from "../run/preload.ts";
import { pythonEnvironment } from "../run/python-environment.ts";
import { runEnvironment } from "../run/run-environment.ts";
import { pythonForAgents } from "./demo-agents.ts";

/** As many customers ask, and so many traces come of it. */
export const CUSTOMERS = 2;

export function newSession(): string {
  return `demo-${randomBytes(4).toString("hex")}`;
}

/** Where what the agents do is sent, and what it is told by. */
export interface DemoTarget {
  /** Base URL of OTLP over HTTP. */
  readonly receiver: string;
  readonly token: string | undefined;
  readonly session: string;
}

/** The environment of the agents, as `clew run` would have it. */
export async function agentsEnvironment(
  input: ConfigInput,
  { receiver, token, session }: DemoTarget,
): Promise<Readonly<Record<string, string | undefined>>> {
  const ids = { "session.id": session };
  const env = runEnvironment(input.env, { preload: preloadUrl(), endpoint: receiver, token, ids });
  const packages = packagesFolder(input);
  return { ...env, ...pythonEnvironment(env, packages), ...(await pythonForAgents(input.env, packages)) };
}
