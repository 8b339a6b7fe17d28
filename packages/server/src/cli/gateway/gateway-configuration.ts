import { type ConfigInput, type LoadedConfig, loadConfig } from "../../config/load-config.ts";
import { localName } from "../../config/server-address.ts";
import type { ExporterConfig, GatewayConfig } from "../../gateway/config/gateway-config.ts";
import { readGatewayConfig } from "../../gateway/config/read-gateway-config.ts";
import type { Shell } from "../shell.ts";
import type { GatewayOptions } from "./gateway-command.ts";
import { withFlags } from "./gateway-flags.ts";

export interface GatewayConfiguration {
  readonly gateway: GatewayConfig;
  /** Of the server: prices, log level and the file that was read. */
  readonly server: LoadedConfig;
}

const OTLP_HTTP_PORT = 4318;

/** Reads file, environment and flags. Throws `ConfigError` with every problem. */
export function gatewayConfiguration(options: GatewayOptions, { env, cwd }: Shell): GatewayConfiguration {
  const input: ConfigInput = { flags: { config: options.config }, env, cwd };
  const server = loadConfig(input);
  const gateway = readGatewayConfig({
    section: withFlags(server.gateway, options, cwd),
    ...{ env, cwd },
    exporters: [clewExporter(server, env)],
  });
  return { gateway, server };
}

/** The receiver of the Clew server that the same configuration starts. */
function clewExporter({ config }: LoadedConfig, env: Readonly<NodeJS.ProcessEnv>): ExporterConfig {
  const scheme = config.tls.cert === undefined ? "http" : "https";
  const usual = `${scheme}://${localName(config.host)}:${config.httpPort || OTLP_HTTP_PORT}`;
  const headers = config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
  return { url: env.CLEW_OTLP_ENDPOINT || usual, headers, gzip: undefined, timeoutMs: undefined };
}
