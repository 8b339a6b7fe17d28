import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { connect } from "node:net";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import type { Listen } from "./engine/messages.ts";

/** As long as a connection is kept that nobody uses: less than servers keep it. */
const IDLE_MS = 2500;
const CONNECTIONS = { keepAlive: true, maxSockets: 64, timeout: IDLE_MS } as const;

/** What every client of ours is made with. */
const CLIENT = {
  application: "clew",
  compression: { request: false, response: false },
  // Node's agent closes idle connections. The client's own timer for that is forgotten when a request is cancelled
  // before it is sent, and then closes the connection under a later one.
  keep_alive: { enabled: true, idle_socket_ttl: 0 },
  // Timeouts are ours, per statement.
  request_timeout: 24 * 3600 * 1000,
  use_multipart_params_auto: true,
  log: { level: 127 },
} as const;

/** A client of an engine process, which may answer elsewhere after each restart. */
export function engineClient(address: () => Listen): ClickHouseClient {
  const agent = new Agent(CONNECTIONS);
  agent.createConnection = () => {
    const at = address();
    return "socket" in at ? connect(at.socket) : connect(at.port, at.host);
  };
  return createClient({ url: "http://engine", http_agent: agent, ...CLIENT });
}

/** Who and where a client of a server is. */
export interface ServerAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database?: string;
}

/** A client of a ClickHouse server. */
export function serverClient(access: ServerAccess): ClickHouseClient {
  const tls = access.url.startsWith("https:");
  const agent = tls ? new TlsAgent(CONNECTIONS) : new Agent(CONNECTIONS);
  return createClient({ ...access, http_agent: agent, ...CLIENT });
}
