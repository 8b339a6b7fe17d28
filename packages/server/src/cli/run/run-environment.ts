import { correlationVariables } from "@clew/protocol/context/correlation";

export interface RunSettings {
  /** URL of the file that every Node process below is to load first. */
  readonly preload: string;
  /** Base URL of the server's OTLP receiver. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** `service.name`; each process finds its own where absent. */
  readonly name?: string;
  readonly content?: string;
  /** By key, such as `session.id`. */
  readonly ids: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment that has every Node process below traced, whatever starts it. Exporters of the programs' own are
 * pointed at the server as well, unless they are told another place.
 */
export function runEnvironment(environment: Environment, settings: RunSettings): Environment {
  const { preload, endpoint, token, name, content, ids } = settings;
  return {
    ...environment,
    NODE_OPTIONS: nodeOptions(environment.NODE_OPTIONS, preload),
    CLEW_OTLP_ENDPOINT: endpoint,
    ...(token !== undefined && { CLEW_TOKEN: token }),
    CLEW_CONTENT: content ?? (environment.CLEW_CONTENT || "full"),
    ...(name !== undefined && { OTEL_SERVICE_NAME: name }),
    ...correlationVariables(ids, environment),
    ...exporterVariables(environment, endpoint, token),
  };
}

/** Ours goes first: what the others load is then traced as well. */
function nodeOptions(given = "", preload: string): string {
  const option = `--import=${preload}`;
  const others = given.split(/\s+/).filter((word) => word !== "" && word !== option);
  return given.includes('"') ? `${option} ${given}` : [option, ...others].join(" ");
}

function exporterVariables(environment: Environment, endpoint: string, token?: string): Environment {
  if (Object.keys(environment).some((name) => /^OTEL_EXPORTER_OTLP_.*(ENDPOINT|PROTOCOL)$/.test(name)))
    return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    ...(token !== undefined &&
      !environment.OTEL_EXPORTER_OTLP_HEADERS && {
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${encodeURIComponent(token)}`,
      }),
  };
}
