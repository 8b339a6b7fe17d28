import type { GatewayConfig } from "../../gateway/config/gateway-config.ts";
import { endpointOf, nameOf } from "../../gateway/export/endpoint.ts";
import { paint } from "../screen/paint.ts";
import type { Screen } from "../screen/screen.ts";

const MOST_SHOWN = 12;

/** What a started gateway tells: where it is, where calls go, and where their spans go. */
export function gatewayBanner(
  config: GatewayConfig,
  urls: readonly string[],
  version: string,
  screen: Screen,
): string[] {
  const strong = (text: string): string => paint(screen, "bold", text);
  const dim = (text: string): string => paint(screen, "dim", text);
  const [url = ""] = urls;
  return [
    "",
    `  ${strong(`Clew gateway ${version}`)} is listening`,
    "",
    `  Gateway    ${urls.map((each) => strong(paint(screen, "cyan", each))).join(", ")}`,
    ...upstreamLines(config),
    `  Spans      ${exportersOf(config)}`,
    ...(config.recording.mode === "off"
      ? []
      : [`  Recording  ${config.recording.mode}: ${config.recording.folder}`]),
    "",
    dim("  For clients of models:"),
    `    export OPENAI_BASE_URL=${url}/v1`,
    `    export ANTHROPIC_BASE_URL=${url}`,
    "",
    dim("  Stop with Ctrl-C; kill -HUP reads the configuration anew."),
    "",
  ];
}

/** What `--check` says of a configuration that can be used. */
export function checkedLines(config: GatewayConfig, file: string | undefined): string[] {
  const listeners = config.listeners.map(({ host, port, tls, token }) => {
    const how = [tls === undefined ? "" : "TLS", token === undefined ? "" : "token"]
      .filter(Boolean)
      .join(", ");
    return `${host}:${port}${how === "" ? "" : ` (${how})`}`;
  });
  return [
    `The configuration can be used${file === undefined ? "; no file, so it is the built-in one" : `: ${file}`}`,
    `  Listeners  ${listeners.join(", ")}`,
    ...upstreamLines(config),
    `  Routes     ${config.routes.length}`,
    `  Sampling   ${config.tracing.randomSampling} % of new traces; content: ${config.tracing.capture}`,
    `  Spans      ${exportersOf(config)}`,
  ];
}

function upstreamLines({ upstreams }: GatewayConfig): string[] {
  const all = [...upstreams.values()];
  const lines = all.slice(0, MOST_SHOWN).map(({ name, kind, url }, at) => {
    const label = at === 0 ? "Upstreams" : "";
    return `  ${label.padEnd(10)} /${name} ${kind === "model" ? "" : `(${kind}) `}→ ${url.href.replace(/\/$/, "")}`;
  });
  if (all.length > MOST_SHOWN) lines.push(`  ${" ".repeat(10)} and ${all.length - MOST_SHOWN} more`);
  return lines;
}

function exportersOf({ tracing }: GatewayConfig): string {
  if (tracing.exporters.length === 0) return "not exported";
  return tracing.exporters.map(({ url }) => nameOf(endpointOf(url))).join(", ");
}
