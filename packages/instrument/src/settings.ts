import type { Carrier } from "./context/child-environment.ts";
import { type ContextSettings, contextSettingsFrom } from "./context/context-settings.ts";

/** How much of prompts, answers, tool arguments and results is recorded: nothing, roles and sizes, everything. */
export type ContentLevel = "off" | "metadata" | "full";

/** What the environment says about tracing this process. */
export interface Settings {
  /** True where the process asks to be left alone. */
  readonly disabled: boolean;
  /** `service.name`; empty where nobody names the process. */
  readonly serviceName: string;
  /** Attributes of the resource that the environment adds. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Where spans go, as OTLP over HTTP. */
  readonly tracesUrl: string;
  /** Where log records go. */
  readonly logsUrl: string;
  /** Sent with every request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `OTEL_TRACES_SAMPLER`; empty where it is not set. */
  readonly sampler: string;
  /** `OTEL_TRACES_SAMPLER_ARG`. */
  readonly samplerArgument: string;
  readonly content: ContentLevel;
  /** Whether log lines of pino, winston and bunyan get the ids of span and correlation. */
  readonly logIds: boolean;
  /** Whether what is written to the console is sent as log records. */
  readonly consoleLogs: boolean;
  /** Libraries that stay untouched, by `Library.name`. */
  readonly disabledLibraries: ReadonlySet<string>;
  /** Trace context and correlation. */
  readonly context: ContextSettings;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ENDPOINT = "http://127.0.0.1:4318";

/**
 * Reads settings from the variables that OpenTelemetry specifies, and from `CLEW_*` for what it does not know.
 * A value that makes no sense counts as unset: telemetry never keeps a program from starting.
 */
export function settingsFrom(environment: Environment): Settings {
  return threadSettingsFrom(environment, {});
}

/** The same for a thread that was made in the context that `thread` carries; empty for that of the process. */
export function threadSettingsFrom(environment: Environment, thread: Partial<Carrier>): Settings {
  const content = environment.CLEW_CONTENT;
  const { "service.name": serviceName = "", ...resourceAttributes } = pairsOf(
    environment.OTEL_RESOURCE_ATTRIBUTES,
  );
  return {
    disabled: environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true",
    serviceName: environment.OTEL_SERVICE_NAME || serviceName,
    resourceAttributes,
    tracesUrl: signalUrl(environment, "TRACES"),
    logsUrl: signalUrl(environment, "LOGS"),
    headers: headersFrom(environment),
    sampler: environment.OTEL_TRACES_SAMPLER?.trim() ?? "",
    samplerArgument: environment.OTEL_TRACES_SAMPLER_ARG?.trim() ?? "",
    content: content === "full" || content === "metadata" ? content : "off",
    logIds: switchOf(environment.CLEW_LOG_IDS) ?? true,
    // What a program prints is often what its model answered.
    consoleLogs: switchOf(environment.CLEW_CONSOLE_LOGS) ?? content === "full",
    disabledLibraries: new Set(listOf(environment.CLEW_DISABLED_LIBRARIES)),
    context: contextSettingsFrom(environment, thread),
  };
}

/**
 * `CLEW_OTLP_ENDPOINT` comes first: a program that has an exporter of its own may need `OTEL_*` for that one.
 */
function signalUrl(environment: Environment, signal: "TRACES" | "LOGS"): string {
  const path = `/v1/${signal.toLowerCase()}`;
  const own = environment.CLEW_OTLP_ENDPOINT?.trim();
  if (own && isHttp(own)) return own.replace(/\/+$/, "") + path;
  const exact = environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]?.trim();
  if (exact && isHttp(exact)) return exact;
  const base = environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim();
  return (base && isHttp(base) ? base : DEFAULT_ENDPOINT).replace(/\/+$/, "") + path;
}

function isHttp(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? "");
}

/** A token of Clew's own is sent unless the environment gives an authorization already. */
function headersFrom(environment: Environment): Record<string, string> {
  const pairs = Object.entries(pairsOf(environment.OTEL_EXPORTER_OTLP_HEADERS));
  const headers = Object.fromEntries(
    pairs
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(
        ([name, value]) => /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
      ),
  );
  const token = environment.CLEW_TOKEN?.trim();
  if (token && /^[\x21-\x7e]+$/.test(token)) headers.authorization ??= `Bearer ${token}`;
  return headers;
}

/** `key=value` pairs in a list with commas; values are percent-encoded, and one that is not is taken as it is. */
function pairsOf(text: string | undefined): Record<string, string> {
  const pairs = listOf(text).flatMap((element) => {
    const at = element.indexOf("=");
    const key = element.slice(0, Math.max(at, 0)).trim();
    return key === "" ? [] : [[key, decoded(element.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Undefined for what is neither on nor off. */
function switchOf(text: string | undefined): boolean | undefined {
  const value = text?.trim().toLowerCase() ?? "";
  if (["on", "true", "1", "yes"].includes(value)) return true;
  return ["off", "false", "0", "no"].includes(value) ? false : undefined;
}

/** Elements of a list with commas, without spaces around them. */
function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
