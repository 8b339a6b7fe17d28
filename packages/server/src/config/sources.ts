import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { didYouMean } from "./nearest.ts";
import { SETTINGS, type Setting } from "./settings.ts";

/** A value somebody gave, before it is checked. */
export interface Given {
  readonly value: unknown;
  /** Where it stands, for people: `clew.yaml:3`, `CLEW_HTTP_PORT`, `--http-port`. */
  readonly where: string;
  /** What a relative path is relative to. */
  readonly folder: string;
}

/** A part of the file that is no setting of the server: who uses it checks it. */
export interface ConfigSection {
  /** Maps, lists and texts, with null for what is empty: numbers and truths are as they were written. */
  readonly value: unknown;
  /** Where the key at this path stands, or what is nearest above it: `clew.yaml:3`. */
  readonly where: (path: readonly (string | number)[]) => string;
  /** What a relative path is relative to. */
  readonly folder: string;
}

export interface Source {
  /** Values by the key of their setting. */
  readonly given: ReadonlyMap<string, Given>;
  /** What is wrong besides values, a line each. */
  readonly problems: readonly string[];
  /** By their key at the top of the file. */
  readonly sections?: ReadonlyMap<string, ConfigSection>;
}

/** Keys at the top of the file that others read. */
const SECTIONS: readonly string[] = ["gateway"];

/** `CLEW_*` variables that are not settings of the server; `*` stands for any ending. */
const OTHER_VARIABLES = [
  "CLEW_CONFIG",
  "CLEW_URL",
  "CLEW_SESSION*",
  "CLEW_TASK*",
  "CLEW_TEST*",
  "CLEW_USER*",
  "CLEW_CONSOLE_LOGS",
  "CLEW_CONTENT",
  "CLEW_CORRELATION_KEYS",
  "CLEW_DISABLED_LIBRARIES",
  "CLEW_GATEWAY*",
  "CLEW_HEADER_MAP",
  "CLEW_LOG_IDS",
  "CLEW_OTLP_ENDPOINT",
  "CLEW_PROPAGATE_TO",
  "CLEW_PYTHON_PACKAGES",
  "CLEW_SERVICE*",
  "CLEW_BAGGAGE*",
  "CLEW_PROPAGATION*",
  "CLEW_INSTRUMENT*",
  "CLEW_DEMO*",
  "CLEW_BENCH*",
];

/** The settings of a YAML file; unreadable, malformed and unknown parts of it are problems. */
export function fromFile(path: string, shownAs: string): Source {
  const lines = new LineCounter();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { given: new Map(), problems: [`${shownAs}: ${reasonOf(error)}`] };
  }
  const document = parseDocument(text, { lineCounter: lines });
  const where = (offset: number | undefined): string =>
    offset === undefined ? shownAs : `${shownAs}:${lines.linePos(offset).line}`;
  const problems = document.errors.map((error) => `${where(error.pos[0])}: ${error.message.split("\n")[0]}`);
  const given = new Map<string, Given>();
  // What is half read is not judged.
  if (problems.length > 0) return { given, problems };
  const sections = new Map<string, ConfigSection>();
  const walk = (map: YAMLMap, prefix: string): void => {
    for (const { key, value } of map.items) {
      const name = prefix + String(key);
      const at = where((key as { range?: [number] }).range?.[0]);
      const isGroup = SETTINGS.some((setting) => setting.key.startsWith(`${name}.`));
      if (SECTIONS.includes(name)) {
        const place = (path: readonly (string | number)[]) => where(offsetOf(document, [name, ...path]));
        sections.set(name, { value: textsOf(value, document), where: place, folder: dirname(path) });
      } else if (isGroup && isMap(value)) walk(value, `${name}.`);
      else if (isGroup) problems.push(`${at}: ${name} must be a group of ${keysBelow(name).join(", ")}`);
      else if (!SETTINGS.some((setting) => setting.key === name)) problems.push(unknown(at, name));
      else {
        const plain = plainValue(value, document);
        given.set(name, { value: plain, where: at, folder: dirname(path) });
      }
    }
  };
  if (isMap(document.contents)) walk(document.contents, "");
  else if (document.contents !== null)
    problems.push(`${shownAs}: must be a list of settings, each as \`key: value\``);
  return { given, problems, sections };
}

/** Where the deepest key of a path begins that there is. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  let node: unknown = document.contents;
  let found: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      if (pair === undefined) break;
      found = (pair.key as { range?: [number] }).range?.[0] ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      found = (node as { range?: [number] } | undefined)?.range?.[0] ?? found;
    } else {
      break;
    }
  }
  return found;
}

function textsOf(node: unknown, document: Document): unknown {
  if (isAlias(node)) return textsOf(node.resolve(document), document);
  if (isMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(key), textsOf(value, document)]));
  }
  if (isSeq(node)) return node.items.map((item) => textsOf(item, document));
  return plainValue(node, document) ?? null;
}

/** Numbers and truths stay the text they were written as: a token may well be all digits. */
function plainValue(node: unknown, document: Document): unknown {
  if (isScalar(node) && typeof node.value !== "string" && node.value !== null) return node.source;
  return (node as { toJS?: (of: Document) => unknown } | null)?.toJS?.(document);
}

function keysBelow(group: string): string[] {
  return SETTINGS.filter(({ key }) => key.startsWith(`${group}.`)).map(({ key }) => key);
}

function unknown(where: string, key: string): string {
  const keys = [...SETTINGS.map((setting) => setting.key), ...SECTIONS];
  const bare = keys.filter((each) => each.split(".").pop() === key.split(".").pop());
  const hint = bare.length === 1 ? `; did you mean ${bare[0]}?` : didYouMean(key, keys);
  return `${where}: unknown setting ${key}${hint}`;
}

/** The settings among variables; an empty one counts as not set, an unknown `CLEW_*` is a problem. */
export function fromEnvironment(env: Readonly<NodeJS.ProcessEnv>, folder: string): Source {
  const problems: string[] = [];
  const given = new Map<string, Given>();
  const known = new Map(SETTINGS.map((setting) => [setting.variable, setting]));
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("CLEW_") || value === undefined || value === "") continue;
    const setting = known.get(name);
    if (setting) given.set(setting.key, { value, where: name, folder });
    else if (!isOther(name)) problems.push(`${name}: unknown setting${didYouMean(name, [...known.keys()])}`);
  }
  return { given, problems };
}

function isOther(name: string): boolean {
  return OTHER_VARIABLES.some((other) =>
    other.endsWith("*") ? name.startsWith(other.slice(0, -1)) : name === other,
  );
}

/** `flags` by their name in camel case, as the command line parser gives them. */
export function fromFlags(flags: Readonly<Record<string, unknown>>, folder: string): Source {
  const given = new Map<string, Given>();
  for (const setting of SETTINGS) {
    const value = setting.flag === undefined ? undefined : flags[flagName(setting)];
    if (value !== undefined) given.set(setting.key, { value, where: `--${setting.flag}`, folder });
  }
  return { given, problems: [] };
}

/** `retention-days` as `retentionDays`. */
function flagName(setting: Setting): string {
  return (setting.flag ?? "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "this user may not read it";
  if (code === "EISDIR") return "it is a folder, not a file";
  return String(error);
}
