import type { ConfigSection } from "../../config/sources.ts";
import { UsageError } from "../failure.ts";

export interface GatewayFlags {
  readonly host?: string;
  readonly port?: string;
  readonly insecure?: boolean;
  readonly upstream?: readonly string[];
  readonly agent?: readonly string[];
  readonly service?: readonly string[];
  readonly randomSampling?: string;
  readonly capture?: string;
  readonly otlp?: readonly string[];
  readonly record?: string;
  readonly replay?: string;
  readonly match?: string;
  readonly missing?: string;
  readonly accessLog?: string;
}

type Group = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** The section of the file with what flags say instead. Flags of upstreams and exporters replace those of the file. */
export function withFlags(
  section: ConfigSection | undefined,
  flags: GatewayFlags,
  cwd: string,
): ConfigSection | undefined {
  const given = entriesOf(flags);
  if (given.length === 0) return section;
  let value: unknown = section?.value ?? {};
  for (const { path, value: leaf } of given) value = withValue(value, path, leaf);
  return {
    value,
    folder: section?.folder ?? cwd,
    where: (path) => {
      const flag = given.find((each) => each.path.every((step, at) => path[at] === step));
      return flag?.flag ?? section?.where(path) ?? "gateway";
    },
  };
}

interface Entry {
  readonly flag: string;
  readonly path: Path;
  readonly value: unknown;
}

function entriesOf(flags: GatewayFlags): Entry[] {
  const entries: Entry[] = [];
  const add = (flag: string, path: Path, value: unknown): void => {
    if (value !== undefined) entries.push({ flag, path, value });
  };
  add("--host", ["listeners", 0, "host"], flags.host);
  add("--port", ["listeners", 0, "port"], flags.port);
  add("--insecure", ["listeners", 0, "insecure"], flags.insecure === true ? "true" : undefined);
  const kinds = [
    ["--upstream", "model", flags.upstream],
    ["--agent", "agent", flags.agent],
    ["--service", "service", flags.service],
  ] as const;
  for (const [flag, kind, texts] of kinds) {
    for (const text of texts ?? []) {
      const { name, url } = namedUrl(flag, text);
      add(flag, ["upstreams", name, "kind"], kind);
      add(flag, ["upstreams", name, "url"], url);
    }
  }
  add("--random-sampling", ["tracing", "random_sampling"], flags.randomSampling);
  add("--capture", ["tracing", "capture"], flags.capture);
  add("--otlp", ["tracing", "exporters"], flags.otlp);
  if (flags.record !== undefined && flags.replay !== undefined) {
    throw new UsageError("--record and --replay exclude each other");
  }
  add("--record", ["recording", "mode"], flags.record === undefined ? undefined : "record");
  add("--record", ["recording", "folder"], flags.record);
  add("--replay", ["recording", "mode"], flags.replay === undefined ? undefined : "replay");
  add("--replay", ["recording", "folder"], flags.replay);
  add("--match", ["recording", "match"], flags.match);
  add("--missing", ["recording", "missing"], flags.missing);
  add("--access-log", ["access_log"], flags.accessLog);
  return entries;
}

/** `name=url`; of a known provider the name alone will do. */
function namedUrl(flag: string, text: string): { readonly name: string; readonly url: string | undefined } {
  const at = text.indexOf("=");
  if (at > 0) return { name: text.slice(0, at), url: text.slice(at + 1) };
  if (at === -1 && flag === "--upstream" && !text.includes("/")) return { name: text, url: undefined };
  throw new UsageError(
    `${flag} must be name=url, such as ${flag} main=http://127.0.0.1:8000, and not ${text}`,
  );
}

function withValue(container: unknown, [step, ...rest]: Path, leaf: unknown): unknown {
  if (step === undefined) return leaf;
  if (typeof step === "number") {
    const list = Array.isArray(container) ? [...(container as unknown[])] : [];
    list[step] = withValue(list[step], rest, leaf);
    return list;
  }
  const group = isGroup(container) ? container : {};
  return { ...group, [step]: withValue(group[step], rest, leaf) };
}

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
