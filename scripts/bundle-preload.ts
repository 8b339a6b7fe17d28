/**
 * Makes of the preload of `packages/instrument` files that need no node_modules beside them, for it runs in other
 * people's processes, whose versions of OpenTelemetry are their own: one that is always loaded, and one for each
 * library that is traced, because reading the code for all of them takes longer than everything else at a start.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { bundleApi, writeApiTypes } from "./bundle-api.ts";
import { splitBundle } from "./split-bundle.ts";

const PACKAGE = fileURLToPath(new URL("../packages/instrument/", import.meta.url));
const SOURCES = `${PACKAGE}src/`;
const REQUIRE =
  "import { createRequire as clewCreateRequire } from 'node:module'; const require = clewCreateRequire(import.meta.url);";
const META = "const clewMeta = { url: require('node:url').pathToFileURL(__filename).href };";

/** What modules import that the hook has changed; everybody else goes without an ES module, see below. */
const REGISTRY_SOURCE = `${REQUIRE}
export const { register, ModuleBinder } = require("./preload.cjs");
`;

/** A plugin that changes the source of one file of a package; it fails where the file is not what it was. */
function changing(file: RegExp, ...changes: (readonly [from: string | RegExp, to: string])[]): Plugin {
  return {
    name: "changing",
    setup({ onLoad }) {
      onLoad({ filter: file }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [from, to] of changes) {
          const changed = contents.replace(from, to);
          if (changed === contents) throw new Error(`${path} is not what this script was written for`);
          contents = changed;
        }
        return { contents, loader: "js" };
      });
    },
  };
}

/** import-in-the-middle has modules import its registry by path. It is in the bundle of the preload. */
const REGISTRY = changing(/import-in-the-middle[\\/]create-hook\.mjs$/, ["lib/register.js", "registry.mjs"]);

/** See `lazy-lexers.ts`. */
const LEXERS = [
  changing(/import-in-the-middle[\\/]lib[\\/]get-esm-exports\.mjs$/, [
    "{ parse } from 'es-module-lexer'",
    `{ parseEsm as parse } from "${SOURCES}lazy-lexers.ts"`,
  ]),
  changing(/import-in-the-middle[\\/]lib[\\/]get-exports\.mjs$/, [
    "{ parse as parseCjs, initSync } from 'cjs-module-lexer'",
    `{ parseCjs, initSync } from "${SOURCES}lazy-lexers.ts"`,
  ]),
];

/** For each attribute of each span it makes a list and a set; the set is against cycles, which only objects can have. */
const ATTRIBUTES = changing(
  /@opentelemetry[\\/]core[\\/]dist[\\/]common[\\/]attributes\.mjs$/,
  [
    "isAnyValueInternal(val, /* @__PURE__ */ new WeakSet())",
    'isAnyValueInternal(val, typeof val === "object" ? new WeakSet() : undefined)',
  ],
  [
    "for (const [key, val] of Object.entries(inAttributes)) {",
    "for (const key of Object.keys(inAttributes)) { const val = inAttributes[key];",
  ],
);

/** It has Node load its streams, for a channel to another thread that is not used. */
const NO_CHANNEL = changing(/import-in-the-middle[\\/]index\.js$/, [
  "const { MessageChannel } = require('worker_threads')",
  "",
]);

/**
 * require-in-the-middle leaves out packages whose main entry does not exist, such as the MCP SDK's in CommonJS;
 * their other files are patched all the same here.
 */
const WITHOUT_MAIN = changing(/require-in-the-middle[\\/]index\.js$/, [
  /self\._cache\.set\(filename, exports, core\)\s+return exports \/\/ abort if module could not be resolved.*/,
  "",
]);

/** What require-in-the-middle logs with it is not for users, and loading it means loading node:tty. */
const NO_DEBUG: Plugin = {
  name: "no-debug",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: "no-debug" }));
    onLoad({ filter: /^/, namespace: "no-debug" }, () => ({ contents: "module.exports = () => () => {};" }));
  },
};

/** One of each, whichever version the packages ask for: every copy of the first would hook `require` once more. */
const ONE_COPY: Plugin = {
  name: "one-copy",
  setup({ onResolve, resolve }) {
    const filter = /^@opentelemetry\/(instrumentation|core|resources)$/;
    onResolve({ filter }, ({ path, kind, pluginData }) =>
      pluginData?.isOneCopy
        ? undefined
        : resolve(path, { kind, resolveDir: PACKAGE, pluginData: { ...pluginData, isOneCopy: true } }),
    );
  },
};

/**
 * Writes `dist/register.mjs` and its twin for CommonJS, what they load, the hook for Nodes without synchronous ones,
 * and the API for those who write spans by hand; takes about 0.6 s. No file is ever seen half written: programs that
 * load them may start meanwhile.
 */
export async function bundlePreload(): Promise<void> {
  const dist = `${PACKAGE}dist`;
  const made = mkdtempSync(`${PACKAGE}.dist-`);
  try {
    await bundleInto(made);
    mkdirSync(dist, { recursive: true });
    for (const name of readdirSync(made)) renameSync(join(made, name), join(dist, name));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function bundleInto(out: string): Promise<void> {
  const shared = {
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    outdir: out,
    outExtension: { ".js": ".mjs" },
    banner: { js: REQUIRE },
    logLevel: "error",
  } as const;
  const small = { minify: true };
  const source = (name: string) => `${PACKAGE}src/${name}.ts`;
  await Promise.all([
    // An ES module that imports a module of Node's has Node read all that this exports: 20 ms of a start.
    splitBundle({
      entry: source("preload"),
      apart: /^\.\/(libraries\/[\w-]+|lexers)\.ts$/,
      out,
      options: {
        ...shared,
        ...small,
        format: "cjs",
        outExtension: { ".js": ".cjs" },
        banner: { js: META },
        define: { "import.meta": "clewMeta" },
        plugins: [REGISTRY, ...LEXERS, ATTRIBUTES, NO_CHANNEL, WITHOUT_MAIN, NO_DEBUG, ONE_COPY],
      },
    }),
    build({ ...shared, ...small, entryPoints: { "last-send": source("export/last-send") } }),
    build({ ...shared, target: "node14", banner: {}, entryPoints: { register: source("register") } }),
    build({
      ...shared,
      target: "node14",
      format: "cjs",
      outExtension: { ".js": ".cjs" },
      banner: {},
      define: { "import.meta.url": "__filename" },
      entryPoints: { register: source("register") },
    }),
  ]);
  writeFileSync(`${out}/registry.mjs`, REGISTRY_SOURCE);
  const hook = "@opentelemetry/instrumentation/hook.mjs";
  await build({ ...shared, ...small, entryPoints: { hook }, plugins: [REGISTRY] });
  await bundleApi(out);
}

if (import.meta.main) {
  await bundlePreload();
  writeApiTypes(`${PACKAGE}dist`);
}
