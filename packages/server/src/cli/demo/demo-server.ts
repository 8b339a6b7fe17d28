import { ServerUnreachable } from "@clew/protocol/api/api-error";
import { ApiClient } from "@clew/protocol/api/client";
import { loadConfig } from "../../config/load-config.ts";
import { findServer } from "../../config/server-address.ts";
import { createLogger } from "../../log.ts";
import { receiverOf } from "../run/receiver.ts";
import type { ServerOptions } from "../server-options.ts";
import { notesScreen, type Shell } from "../shell.ts";
import { packageVersion } from "../version.ts";

/** The server that a demonstration sends to. */
export interface DemoServer extends AsyncDisposable {
  readonly client: ApiClient;
  /** Where its API and its page are. */
  readonly url: string;
  /** Where it takes OTLP over HTTP. */
  readonly receiver: string;
  readonly token: string | undefined;
  /** True where it was started for the demonstration and ends with it. */
  readonly isOwn: boolean;
}

/**
 * The server that runs, else one of this process, with the configuration that `clew serve` would have. An address that
 * was named has to answer. Rejects as the client or the start of a server does.
 */
export async function demoServer(shell: Shell, options: ServerOptions): Promise<DemoServer> {
  const { url, token } = findServer({ flags: { ...options }, env: shell.env, cwd: shell.cwd });
  const client = new ApiClient({ baseUrl: url, token });
  try {
    const receiver = await receiverOf(client, url);
    return { client, url, receiver, token, isOwn: false, [Symbol.asyncDispose]: async () => undefined };
  } catch (error) {
    const isNamed = options.url !== undefined || Boolean(shell.env.CLEW_URL);
    if (isNamed || !(error instanceof ServerUnreachable)) throw error;
    return await ownServer(shell, options);
  }
}

async function ownServer(shell: Shell, options: ServerOptions): Promise<DemoServer> {
  const { config } = loadConfig({ flags: { config: options.config }, env: shell.env, cwd: shell.cwd });
  const { weighBuffersWithHeap } = await import("../serve/heap.ts");
  const { ClewServer } = await import("../serve/server.ts");
  weighBuffersWithHeap();
  const screen = notesScreen(shell);
  const log = createLogger({
    level: config.logLevel,
    target: shell.notes,
    forPeople: screen.isTerminal && options.json !== true,
    color: screen.color,
  });
  const server = await ClewServer.start({ config, log, version: packageVersion() });
  const { api: url, http: receiver } = server.endpoints;
  const { token } = config;
  return {
    ...{ url, receiver, token, isOwn: true },
    client: new ApiClient({ baseUrl: url, token }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
