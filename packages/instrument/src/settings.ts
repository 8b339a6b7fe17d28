import { type ContextSettings, contextSettingsFrom } from "./context/context-settings.ts";

/** How much of prompts, answers, tool arguments and results is recorded: nothing, roles and sizes, everything. */
export type ContentLevel = "off" | "metadata" | "full";

/** What the environment says about tracing this process. */
export interface Settings {
  /** `service.name`; empty where nobody names the process. */
  readonly serviceName: string;
  /** Base URL of OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly content: ContentLevel;
  /** Libraries that stay untouched, by `Library.name`. */
  readonly disabledLibraries: ReadonlySet<string>;
  /** Trace context and correlation. */
  readonly context: ContextSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the variables that OpenTelemetry specifies, and from `CLEW_*` for what it does not know.
 * A value that makes no sense counts as unset: telemetry never keeps a program from starting.
 */
export function settingsFrom(environment: Environment): Settings {
  const content = environment.CLEW_CONTENT;
  return {
    serviceName: environment.OTEL_SERVICE_NAME ?? "",
    endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT || "http://127.0.0.1:4318",
    content: content === "full" || content === "metadata" ? content : "off",
    disabledLibraries: new Set(listOf(environment.CLEW_DISABLED_LIBRARIES)),
    context: contextSettingsFrom(environment),
  };
}

/** Elements of a list with commas, without spaces around them. */
function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
