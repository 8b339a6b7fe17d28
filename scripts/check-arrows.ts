/**
 * Fails when a module imports against the arrows below, so that the layout of the repository stays a true
 * picture of its architecture. Paths are relative to `packages/`; imports inside one folder are allowed, and
 * tests are exempt with what stands in their folders `testing`, which nothing else may import. A source folder without an entry, and an entry without a file, fail as well. So does a
 * word about ClickHouse outside `store/`.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export type Arrows = Readonly<Record<string, readonly string[]>>;

const SERVER = [
  "config",
  "errors.ts",
  "log.ts",
  "printable.ts",
  "store",
  "ingest",
  "query",
  "gateway",
  "evals",
  "http",
];

/** Who may import whom; `cli` composes the server and nobody imports it. */
export const ARROWS: Arrows = {
  "protocol/src": [],
  "instrument/src": ["protocol/src"],
  "web/src": ["protocol/src"],
  "server/src/errors.ts": [],
  "server/src/printable.ts": [],
  "server/src/log.ts": ["server/src/printable.ts"],
  "server/src/config": ["protocol/src", "server/src/errors.ts"],
  "server/src/store": ["protocol/src", "server/src/errors.ts", "server/src/log.ts"],
  "server/src/ingest": ["protocol/src", "server/src/errors.ts", "server/src/log.ts", "server/src/store"],
  "server/src/query": ["protocol/src", "server/src/errors.ts", "server/src/log.ts", "server/src/store"],
  "server/src/gateway": ["protocol/src", "server/src/errors.ts", "server/src/log.ts", "server/src/config"],
  "server/src/evals": ["protocol/src", "server/src/errors.ts", "server/src/log.ts"],
  "server/src/http": [
    "protocol/src",
    "server/src/errors.ts",
    "server/src/log.ts",
    "server/src/ingest",
    "server/src/query",
  ],
  "server/src/cli": ["protocol/src", "web/src", ...SERVER.map((name) => `server/src/${name}`)],
};

/** Entries whose folder is still to come; one that has a file by now does not belong here. */
const PLANNED = new Set(["server/src/evals"]);

/** The scheme of the store URL is what users write, so everybody may say it. */
const STORE_ONLY = /clickhouse(?!s?\??:)|chdb/i;
const TESTING = /\/testing\//;
const IMPORT =
  /\b(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*[,)]/g;

export interface Source {
  /** Relative to `packages/`. */
  readonly path: string;
  readonly text: string;
}

/** The text with comments blanked out; strings and templates stay, lines keep their numbers. */
export function withoutComments(text: string): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith("/") ? found.replace(/[^\n]/g, " ") : found));
}

function folderOf(path: string, arrows: Arrows): string | undefined {
  return Object.keys(arrows)
    .filter((folder) => path === folder || path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return normalize(join(dirname(file), specifier));
  const own = /^@clew\/([^/]+)/.exec(specifier);
  return own ? `${own[1]}/src` : undefined;
}

/** One line for each import against an arrow, each folder without an entry and each entry without a file. */
export function violations(sources: readonly Source[], arrows: Arrows = ARROWS, planned = PLANNED): string[] {
  const found: string[] = [];
  const used = new Set<string>();
  for (const { path, text } of sources) {
    const from = folderOf(path, arrows);
    if (from === undefined) {
      found.push(`packages/${path}: its folder has no entry in scripts/check-arrows.ts`);
      continue;
    }
    used.add(from);
    const code = withoutComments(text);
    for (const [, first, second] of code.matchAll(IMPORT)) {
      const target = targetOf(path, first ?? second ?? "") ?? "";
      if (TESTING.test(target)) found.push(`packages/${path}: only tests may import ${target}`);
      const to = folderOf(target, arrows);
      if (to === undefined || to === from || arrows[from]?.includes(to)) continue;
      found.push(`packages/${path}: ${from} may not import ${to}`);
    }
    if (from !== "server/src/store" && path.startsWith("server/")) found.push(...storeWords(path, code));
  }
  for (const folder of Object.keys(arrows)) {
    if (used.has(folder) === planned.has(folder)) {
      const what = used.has(folder) ? "has files and is no longer planned" : "matches no file";
      found.push(`scripts/check-arrows.ts: ${folder} ${what}`);
    }
  }
  return found;
}

function storeWords(path: string, code: string): string[] {
  return code.split("\n").flatMap((line, at) => {
    const word = STORE_ONLY.exec(line)?.[0];
    return word === undefined ? [] : [`packages/${path}:${at + 1}: names ${word}, which only store/ may`];
  });
}

function main(): void {
  const packages = fileURLToPath(new URL("../packages/", import.meta.url));
  const sources = globSync("*/src/**/*.{ts,tsx}", { cwd: packages })
    .filter((path) => !/\.test\.tsx?$/.test(path) && !TESTING.test(path))
    .map((path) => ({ path, text: readFileSync(join(packages, path), "utf8") }));
  const found = violations(sources);
  for (const line of found.sort()) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (import.meta.main) main();
