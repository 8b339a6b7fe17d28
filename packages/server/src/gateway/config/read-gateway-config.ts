import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { ConfigError } from "../../config/config-error.ts";
import { isLoopback } from "../../config/load-config.ts";
import type { ConfigSection } from "../../config/sources.ts";
import { Field } from "./fields.ts";
import type {
  ExporterConfig,
  GatewayConfig,
  Limits,
  Listener,
  Recording,
  Tracing,
} from "./gateway-config.ts";
import { readRoutes } from "./read-routes.ts";
import { readHeaders, readUpstreams } from "./read-upstreams.ts";
import {
  anyText,
  bytes,
  duration,
  headerName,
  nonEmpty,
  oneOf,
  percent,
  port,
  token,
  truth,
  whole,
} from "./readings.ts";

const MIB = 1024 * 1024;
export const GATEWAY_PORT = 4320;

/** Headers that carry ids today, where the configuration names none. */
const CORRELATION_HEADERS: ReadonlyMap<string, string> = new Map([
  ["x-session-id", "session.id"],
  ["x-claude-code-session-id", "session.id"],
  ["x-task-id", "task.id"],
  ["x-test-case-id", "test.case.id"],
  ["x-test-run-id", "test.suite.run.id"],
  ["x-user-id", "user.id"],
]);

export interface GatewayInput {
  /** Undefined: nothing is configured, and everything is as it is by itself. */
  readonly section: ConfigSection | undefined;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What a path that no file names is relative to. */
  readonly cwd: string;
  /** Where spans go when nothing says it. */
  readonly exporters: readonly ExporterConfig[];
}

/** Throws `ConfigError` with every problem of the section. */
export function readGatewayConfig({ section, env, cwd, exporters }: GatewayInput): GatewayConfig {
  const problems: string[] = [];
  const where = section?.where ?? (() => "gateway");
  const source = { env, problems, where: (path: readonly (string | number)[]) => where(path.slice(1)) };
  const root = new Field(source, ["gateway"], section?.value ?? {});
  const fields = root.group([
    "listeners",
    "upstreams",
    "routes",
    "tracing",
    "recording",
    "limits",
    "access_log",
  ]);
  const folder = section?.folder ?? cwd;
  const listeners = readListeners(fields.listeners, env, folder);
  const upstreams = readUpstreams(fields.upstreams);
  const config = {
    listeners,
    upstreams,
    routes: readRoutes(fields.routes, upstreams),
    tracing: readTracing(fields.tracing, exporters),
    recording: readRecording(fields.recording, folder),
    limits: readLimits(fields.limits),
    accessLog: readAccessLog(fields.access_log, folder),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readListeners(field: Field, env: Readonly<NodeJS.ProcessEnv>, folder: string): Listener[] {
  const given = field.items();
  // Without any, a group that is empty stands for the one there is by itself.
  const items = given.length === 0 ? [undefined] : given;
  const listeners = items.map((item, at): Listener => {
    const fields = (item ?? field).group(["name", "host", "port", "tls", "token", "origins", "insecure"]);
    const host = fields.host.as(nonEmpty, "127.0.0.1");
    const said = fields.token.as(token, undefined);
    const listener: Listener = {
      name: fields.name.as(nonEmpty, at === 0 ? "main" : `listener-${at + 1}`),
      host,
      port: fields.port.as(port, GATEWAY_PORT),
      tls: readTls(fields.tls, folder),
      origins: fields.origins.list(nonEmpty),
      token: said ?? (env.CLEW_GATEWAY_TOKEN || undefined),
    };
    const isInsecure = fields.insecure.as(truth, false);
    if (!isLoopback(host) && listener.token === undefined && !isInsecure) {
      fields.host.problem(
        `is ${JSON.stringify(host)}, which other machines can reach, and the listener has no token: ` +
          "set CLEW_GATEWAY_TOKEN or token, or say insecure to let everybody in",
      );
    }
    return listener;
  });
  for (const [at, one] of listeners.entries()) {
    const twin = listeners
      .slice(0, at)
      .find((each) => one.port !== 0 && each.port === one.port && each.host === one.host);
    if (twin !== undefined) {
      field.problem(`has ${one.host}:${one.port} twice; each listener needs a port of its own`);
    }
    if (listeners.slice(0, at).some(({ name }) => name === one.name)) {
      field.problem(`has two listeners with the name ${one.name}`);
    }
  }
  return listeners;
}

function readTls(field: Field, folder: string): Listener["tls"] {
  if (field.isAbsent) return undefined;
  const fields = field.group(["cert", "key"]);
  const cert = fields.cert.as(nonEmpty, undefined);
  const key = fields.key.as(nonEmpty, undefined);
  if (cert === undefined) fields.cert.missing("a PEM file");
  if (key === undefined) fields.key.missing("a PEM file");
  if (cert === undefined || key === undefined) return undefined;
  const tls = { cert: resolve(folder, cert), key: resolve(folder, key) };
  try {
    createSecureContext({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
  } catch (error) {
    field.problem(`can't be used: ${(error as Error).message}`);
  }
  return tls;
}

function readTracing(field: Field, fallback: readonly ExporterConfig[]): Tracing {
  const fields = field.group([
    "service_name",
    "random_sampling",
    "capture",
    "span_attributes",
    "correlation_headers",
    "propagate_to",
    "exporters",
  ]);
  const span = fields.span_attributes.group(["header_prefixes", "static"]);
  const fixed = new Map<string, string>();
  for (const [key, each] of span.static.entries("a group of attributes, each with a text")) {
    fixed.set(key, each.as(anyText, ""));
  }
  const headers = new Map<string, string>();
  for (const [name, each] of fields.correlation_headers.entries(
    "a group of headers, each with a key such as session.id",
  )) {
    if (headerName.read(name) === undefined) each.problem("is no name of a header");
    headers.set(name.toLowerCase(), each.as(nonEmpty, ""));
  }
  return {
    serviceName: fields.service_name.as(nonEmpty, "clew-gateway"),
    randomSampling: fields.random_sampling.as(percent, 100),
    capture: fields.capture.as(oneOf("off", "metadata", "full"), "full"),
    spanAttributes: { headerPrefixes: span.header_prefixes.list(headerName), static: fixed },
    correlationHeaders: fields.correlation_headers.isAbsent ? CORRELATION_HEADERS : headers,
    propagateTo: fields.propagate_to.list(nonEmpty),
    exporters: fields.exporters.isAbsent ? fallback : fields.exporters.items().flatMap(readExporter),
  };
}

const exporterUrl = {
  allowed: "the address of an OTLP/HTTP endpoint such as http://127.0.0.1:4318",
  isSecret: true,
  read: (text: string) => (/^https?:$/.test(URL.parse(text)?.protocol ?? "") ? text : undefined),
} as const;

function readExporter(field: Field): ExporterConfig[] {
  const isUrl = typeof field.value === "string";
  const fields = isUrl ? undefined : field.group(["url", "headers", "gzip", "timeout"]);
  const named = fields?.url ?? field;
  if (named.isAbsent) named.missing(exporterUrl.allowed);
  const url = named.as(exporterUrl, undefined);
  if (url === undefined) return [];
  return [
    {
      url,
      headers: fields === undefined ? {} : Object.fromEntries(readHeaders(fields.headers)),
      gzip: fields?.gzip.as(truth, undefined),
      timeoutMs: fields?.timeout.as(duration(100, "10m"), undefined),
    },
  ];
}

function readRecording(field: Field, folder: string): Recording {
  const fields = field.group(["mode", "folder", "match", "missing", "pace"]);
  return {
    mode: fields.mode.as(oneOf("off", "record", "replay"), "off"),
    folder: resolve(folder, fields.folder.as(nonEmpty, "recordings")),
    match: fields.match.as(oneOf("strict", "loose"), "strict"),
    missing: fields.missing.as(oneOf("error", "forward"), "error"),
    pace: fields.pace.as(oneOf("original", "fast"), "fast"),
  };
}

function readAccessLog(field: Field, folder: string): string | undefined {
  const said = field.as({ ...nonEmpty, allowed: "off, - for standard output, or a file" }, "off");
  return said === "off" ? undefined : said === "-" ? said : resolve(folder, said);
}

function readLimits(field: Field): Limits {
  const fields = field.group(["max_requests", "kept_body", "kept_bodies", "drain"]);
  return {
    maxRequests: fields.max_requests.as(whole(1, 100_000), 1000),
    keptBodyBytes: fields.kept_body.as(bytes(0, 1024 * MIB), 16 * MIB),
    keptBodiesBytes: fields.kept_bodies.as(bytes(0, 16 * 1024 * MIB), 128 * MIB),
    drainMs: fields.drain.as(duration(0, "1h"), 30_000),
  };
}
