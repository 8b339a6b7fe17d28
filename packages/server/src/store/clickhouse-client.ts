import { Agent } from "node:http";
import { connect } from "node:net";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import type { Listen } from "./engine/messages.ts";

/** What every client of ours is made with. */
export const CLIENT = {
  application: "clew",
  compression: { request: false, response: false },
  max_open_connections: 64,
  // Timeouts are ours, per statement.
  request_timeout: 24 * 3600 * 1000,
  use_multipart_params_auto: true,
  log: { level: 127 },
} as const;

/** A client of an engine process, which may answer elsewhere after each restart. */
export function engineClient(address: () => Listen): ClickHouseClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  agent.createConnection = () => {
    const at = address();
    return "socket" in at ? connect(at.socket) : connect(at.port, at.host);
  };
  return createClient({ url: "http://engine", http_agent: agent, ...CLIENT });
}
