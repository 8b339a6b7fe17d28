/** Bundles a program into one file, and what it loads only when it is needed into files beside that. */
import { resolve as absolute, basename, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

export interface SplitBundle {
  /** Source of the file that is always loaded; its name is that of the file. */
  readonly entry: string;
  /** A path as sources `require` what is loaded later: `./libraries/http.ts`. */
  readonly apart: RegExp;
  readonly out: string;
  /** Those of all builds. */
  readonly options: BuildOptions;
}

/** Holds what two or more of the files that are loaded later need and the first has not. */
const COMMON = "common";
/** Constants: each file takes those that it uses, for the whole list is long. */
const NOT_SHARED = /[\\/]semantic-conventions[\\/]/;

/**
 * Writes `<entry>.cjs`, `<name>.cjs` for each file that it requires later, and `common.cjs`. A module is in one of
 * them only, for modules have state. What is shared has neither a default export nor exports that change.
 */
export async function splitBundle({ entry, apart, out, options }: SplitBundle): Promise<void> {
  const later = new Set<string>();
  const leave: Plugin = {
    name: "leave",
    setup({ onResolve }) {
      onResolve({ filter: apart }, ({ path, kind, resolveDir }) => {
        if (kind !== "require-call") return undefined;
        later.add(absolute(resolveDir, path));
        return { path: `./${nameOf(path)}.cjs`, external: true };
      });
    },
  };
  const first = nameOf(entry);
  const [inFirst = []] = await modulesOf([entry], withPlugins(options, leave));
  const inEach = await modulesOf([...later], options);
  /** By module, the file that has it for the others. */
  const homes = new Map<string, string>();
  for (const path of inFirst) if (inEach.some((paths) => paths.includes(path))) homes.set(path, first);
  const rest = inEach.flat().filter((path) => !homes.has(path));
  for (const path of rest) if (rest.indexOf(path) !== rest.lastIndexOf(path)) homes.set(path, COMMON);
  const names = await exportsOf([...homes.keys()], options);
  const write = (entryPoints: Record<string, string>, ...plugins: Plugin[]) =>
    build({ ...withPlugins(options, ...plugins), entryPoints, outdir: out });
  await Promise.all([
    write({ [first]: "clew:entry" }, leave, handsOut(homes, first, entry)),
    write({ [COMMON]: "clew:entry" }, takesFromOthers(homes, names, COMMON), handsOut(homes, COMMON)),
    write(Object.fromEntries([...later].map((path) => [nameOf(path), path])), takesFromOthers(homes, names)),
  ]);
}

function nameOf(path: string): string {
  return basename(path, ".ts");
}

function withPlugins(options: BuildOptions, ...plugins: Plugin[]): BuildOptions {
  return { ...options, plugins: [...plugins, ...(options.plugins ?? [])] };
}

/** Of each entry the modules of which something is in its bundle, as absolute paths. */
async function modulesOf(entryPoints: string[], options: BuildOptions): Promise<string[][]> {
  const analysis = { entryPoints, outdir: "analysis", metafile: true, write: false } as const;
  const { metafile } = await build({ ...options, ...analysis });
  return Object.values(metafile.outputs).map(({ inputs }) =>
    Object.entries(inputs)
      .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !NOT_SHARED.test(path))
      .filter(([path]) => metafile.inputs[path]?.format === "esm")
      .map(([path]) => absolute(path)),
  );
}

/** Names that ES modules export themselves. */
async function exportsOf(paths: string[], options: BuildOptions): Promise<Map<string, readonly string[]>> {
  const analysis = { entryPoints: paths, outdir: "analysis", metafile: true, write: false } as const;
  const { metafile } = await build({ ...options, ...analysis, bundle: false, plugins: [], format: "esm" });
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = "", exports }) => [absolute(entryPoint), exports]),
  );
}

/** The entry of a file that exports its modules as `modules`, which are there before those of `entry` run. */
function handsOut(homes: ReadonlyMap<string, string>, home: string, entry?: string): Plugin {
  const paths = [...homes.keys()].filter((path) => homes.get(path) === home);
  const imports = paths.map((path, index) => `import * as m${index} from ${JSON.stringify(path)};`);
  const members = paths.map((path, index) => `${JSON.stringify(idOf(path))}: m${index}`);
  const contents = {
    "clew:modules": `${imports.join("\n")} export const modules = { ${members.join(", ")} };`,
    "clew:entry": `export { modules } from "clew:modules"; ${entry ? `export * from ${JSON.stringify(entry)};` : ""}`,
  };
  return {
    name: "hands-out",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^clew:/ }, ({ path }) => ({ path, namespace: "hands-out" }));
      onLoad({ filter: /^/, namespace: "hands-out" }, ({ path }) => ({
        contents: contents[path as keyof typeof contents],
        resolveDir: process.cwd(),
      }));
    },
  };
}

/** Has every module that is in another file come from there. */
function takesFromOthers(
  homes: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, readonly string[]>,
  self?: string,
): Plugin {
  const taken = "taken";
  return {
    name: taken,
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^/, namespace: taken }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData?.[taken] || from.kind === "entry-point") return undefined;
        const found = await resolve(path, { ...from, pluginData: { ...pluginData, [taken]: true } });
        const home = homes.get(found.path);
        return home === undefined || home === self ? found : { path: found.path, namespace: taken };
      });
      onLoad({ filter: /^/, namespace: taken }, ({ path }) => ({
        contents: [
          `const from = require("./${homes.get(path)}.cjs").modules[${JSON.stringify(idOf(path))}];`,
          ...(names.get(path) ?? []).map((name) => `export const ${name} = from.${name};`),
        ].join("\n"),
      }));
    },
  };
}

function idOf(path: string): string {
  return relative(process.cwd(), path);
}
