import { isIPv6 } from "node:net";
import { ConfigError } from "./config-error.ts";
import type { Config } from "./load-config.ts";
import { type ConfigInput, loadConfig } from "./load-config.ts";

/** Where commands find the server, and what they present there. */
export interface ServerAddress {
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * `--url`, else `CLEW_URL`, else where the configuration has a server listening. The token of the
 * configuration file goes only to the server of that file.
 */
export function findServer(input: ConfigInput): ServerAddress {
  const named = input.flags.url ?? (input.env.CLEW_URL || undefined);
  if (typeof named !== "string") {
    const { config } = loadConfig({ ...input, flags: { config: input.flags.config } });
    return { url: apiUrl(config, config.apiPort || 4319), token: config.token };
  }
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw new ConfigError([
      `${input.flags.url ? "--url" : "CLEW_URL"}: ${named} is not an address such as http://127.0.0.1:4319`,
    ]);
  }
  return { url: named.replace(/\/+$/, ""), token: input.env.CLEW_TOKEN || undefined };
}

/** The address of the API and user interface for a program on the same machine. */
export function apiUrl(config: Pick<Config, "host" | "tls">, port: number): string {
  return `${config.tls.cert === undefined ? "http" : "https"}://${localName(config.host)}:${port}`;
}

/** How a program on the same machine reaches what listens on `host`. */
export function localName(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return isIPv6(host) ? `[${host}]` : host;
}
