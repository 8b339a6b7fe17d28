import type { Config } from "../../config/load-config.ts";
import { apiUrl, localName } from "../../config/server-address.ts";
import { paint } from "../screen/paint.ts";
import type { Screen } from "../screen/screen.ts";

export interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly api: number;
}

/** Where everything is, as base URLs for programs on the same machine. */
export interface Endpoints {
  readonly api: string;
  readonly grpc: string;
  readonly http: string;
}

/** With the gateways, where some are configured. */
export interface ShownEndpoints extends Endpoints {
  readonly gateways: readonly string[] | undefined;
}

export function endpointsOf(config: Config, ports: Ports): Endpoints {
  const scheme = config.tls.cert === undefined ? "http" : "https";
  const host = localName(config.host);
  return {
    api: apiUrl(config, ports.api),
    grpc: `${scheme}://${host}:${ports.grpc}`,
    http: `${scheme}://${host}:${ports.http}`,
  };
}

/** What a started server tells: where it is, where the data is, and what to set in an agent. */
export function banner(
  config: Config,
  endpoints: ShownEndpoints,
  location: string,
  version: string,
  screen: Screen,
): string[] {
  const strong = (text: string): string => paint(screen, "bold", text);
  const dim = (text: string): string => paint(screen, "dim", text);
  return [
    "",
    `  ${strong(`Clew ${version}`)} is listening${config.host === "127.0.0.1" ? "" : ` on ${config.host}`}`,
    "",
    `  Open       ${strong(paint(screen, "cyan", endpoints.api))}`,
    `  OTLP       gRPC ${endpoints.grpc}, HTTP ${endpoints.http}`,
    ...(endpoints.gateways?.length ? [`  Gateway    ${endpoints.gateways.join(", ")}`] : []),
    `  Data       ${location}`,
    "",
    dim("  In an agent's environment:"),
    `    export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoints.http}`,
    "    export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ...(config.token === undefined
      ? []
      : ['    export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$CLEW_TOKEN"']),
    "",
    dim("  Stop with Ctrl-C."),
    "",
  ];
}
