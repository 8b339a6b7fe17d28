import { accessSync, constants, existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import { SETTINGS, type Settings, settingsSchema } from "./settings.ts";
import { type ConfigSection, fromEnvironment, fromFile, fromFlags, type Given } from "./sources.ts";

/** The configuration of one server, complete and checked; paths are absolute. */
export interface Config extends Settings {
  readonly dataDir: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The configuration file that was read; undefined when there is none. */
  readonly file: string | undefined;
  /** The section `gateway` of the file, unchecked; undefined when there is none. */
  readonly gateway: ConfigSection | undefined;
}

export interface ConfigInput {
  /** By their name in camel case; `config` names the file. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly cwd: string;
}

/**
 * Reads the file (`--config`, `CLEW_CONFIG`, `./clew.yaml`, or `clew/clew.yaml` in the XDG config home),
 * the environment and the flags; later ones win. Throws `ConfigError` with every problem found.
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const { env, cwd, flags } = input;
  const file = configFile(input);
  const sources = [
    ...(file === undefined ? [] : [fromFile(file, shown(file, cwd))]),
    fromEnvironment(env, cwd),
    fromFlags(flags, cwd),
  ];
  const problems = sources.flatMap((source) => source.problems);
  const said = sources.flatMap((source) => [...source.given]);
  const given = new Map(said.filter(([, { value }]) => value !== null));
  const parsed = settingsSchema.safeParse(nested(given));
  if (!parsed.success) {
    problems.push(...new Set(parsed.error.issues.map((issue) => wrongValue(issue.path, given))));
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  const config = withPaths(parsed.data, given, env);
  const conflicts = conflictsOf(config);
  if (conflicts.length > 0) throw new ConfigError(conflicts);
  const gateway = sources.find(({ sections }) => sections?.has("gateway"))?.sections?.get("gateway");
  return { config, file, gateway };
}

function configFile({ flags, env, cwd }: ConfigInput): string | undefined {
  const named = flags.config ?? env.CLEW_CONFIG;
  if (typeof named === "string" && named !== "") return resolve(cwd, named);
  const places = [join(cwd, "clew.yaml"), join(xdg(env, "XDG_CONFIG_HOME", ".config"), "clew", "clew.yaml")];
  return places.find((place) => existsSync(place));
}

/** The XDG specification has relative paths ignored. */
function xdg(env: Readonly<NodeJS.ProcessEnv>, name: string, fallback: string): string {
  const value = env[name];
  return value?.startsWith("/") ? value : join(env.HOME || homedir(), fallback);
}

function shown(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}

function nested(given: ReadonlyMap<string, Given>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, { value }] of given) {
    const [first = "", second] = key.split(".");
    if (second === undefined) root[first] = value;
    else root[first] = { ...(root[first] as object | undefined), [second]: value };
  }
  return root;
}

function wrongValue(path: readonly PropertyKey[], given: ReadonlyMap<string, Given>): string {
  const dotted = path.map(String).join(".");
  const setting = SETTINGS.find(({ key }) => dotted === key || dotted.startsWith(`${key}.`));
  const from = setting && given.get(setting.key);
  if (!setting || !from) return `${dotted} is wrong`;
  const value = setting.secret ? "has a value that" : `is ${JSON.stringify(from.value)}, which`;
  return `${from.where}: ${setting.key} ${value} is not allowed; it must be ${setting.allowed}`;
}

function withPaths(
  settings: Settings,
  given: ReadonlyMap<string, Given>,
  env: Readonly<NodeJS.ProcessEnv>,
): Config {
  const absolute = (key: string, path: string | undefined): string | undefined => {
    if (path === undefined) return undefined;
    const home = path === "~" || path.startsWith("~/") ? join(env.HOME || homedir(), path.slice(1)) : path;
    return resolve(given.get(key)?.folder ?? "", home);
  };
  const { cert, key } = settings.tls;
  return {
    ...settings,
    dataDir: absolute("dataDir", settings.dataDir) ?? join(xdg(env, "XDG_DATA_HOME", ".local/share"), "clew"),
    pricesFile: absolute("pricesFile", settings.pricesFile),
    tls: { cert: absolute("tls.cert", cert), key: absolute("tls.key", key) },
  };
}

/** True for an address that only programs of the same machine reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function conflictsOf(config: Config): string[] {
  const found: string[] = [];
  if (!isLoopback(config.host) && config.token === undefined && !config.insecure) {
    found.push(
      `host is ${config.host}, which other machines can reach, and no token is set: ` +
        "set CLEW_TOKEN, or say --insecure to let everybody in",
    );
  }
  const ports = (["grpcPort", "httpPort", "apiPort"] as const).filter((name) => config[name] !== 0);
  for (const [at, name] of ports.entries()) {
    const other = ports.slice(0, at).find((each) => config[each] === config[name]);
    if (other) found.push(`${other} and ${name} are both ${config[name]}; each needs a port of its own`);
  }
  if ((config.tls.cert === undefined) !== (config.tls.key === undefined)) {
    found.push(`tls.${config.tls.cert ? "key" : "cert"} is missing; TLS needs both tls.cert and tls.key`);
  }
  if (config.cluster !== undefined && config.store === "embedded") {
    found.push(
      "cluster is set, but store is embedded; a cluster needs store to be its clickhouse:// address",
    );
  }
  const files = { "tls.cert": config.tls.cert, "tls.key": config.tls.key, pricesFile: config.pricesFile };
  for (const [key, path] of Object.entries(files)) {
    if (path !== undefined && !isReadable(path)) found.push(`${key}: ${path} cannot be read`);
  }
  return found;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
