/**
 * `npm run pack:all [-- FOLDER]`: compiles the packages that are published and packs them, as `npm publish`
 * would upload them, into `build/` or the given folder. Node does not run TypeScript below node_modules, so
 * what is published is JavaScript.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Published {
  /** Folder below `packages/`. */
  readonly name: string;
  /** Modules that nothing imports; what they import comes along. */
  readonly entries: readonly string[];
  /** Folders and files that are published as they are. */
  readonly copies: readonly string[];
  /** What makes the copies. */
  readonly script?: string;
}

/** In the order in which they need each other. */
const PUBLISHED: readonly Published[] = [
  { name: "protocol", entries: ["src/**/*.ts"], copies: [] },
  { name: "web", entries: [], copies: ["dist"], script: "scripts/bundle-web.ts" },
  // Bundled, as it runs in programs whose dependencies are their own.
  { name: "instrument", entries: [], copies: ["dist", "python"], script: "scripts/bundle-preload.ts" },
  {
    name: "server",
    // The ingest thread and the engine are started by path.
    entries: ["src/cli/main.ts", "src/ingest/worker.ts", "src/store/engine/main.ts"],
    copies: ["bin", "sql", "prices", "demo"],
    script: "scripts/bundle-demo.ts",
  },
];

interface Manifest {
  name: string;
  version: string;
  exports?: Record<string, unknown>;
  files?: string[];
  private?: boolean;
  devDependencies?: unknown;
}

/** The manifest as published: without what only a checkout needs, pointing at compiled files. */
export function publishedManifest(manifest: Manifest, files: readonly string[]): Manifest {
  const { private: _private, devDependencies: _devDependencies, exports, ...kept } = manifest;
  return { ...kept, ...(exports && { exports: compiledExports(exports) }), files: [...files] };
}

function compiledExports(exports: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exports).map(([path, target]) => {
      if (typeof target !== "string" || !/^\.\/src\/.*\.tsx?$/.test(target)) return [path, target];
      const base = target.replace(/^\.\/src\//, "./dist/").replace(/\.tsx?$/, "");
      return [path, { types: `${base}.d.ts`, default: `${base}.js` }];
    }),
  );
}

function run(command: string, args: readonly string[], cwd = ROOT): string {
  const path = [dirname(process.execPath), join(ROOT, "node_modules", ".bin"), process.env.PATH].join(
    delimiter,
  );
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...process.env, PATH: path },
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`, { cause: error });
  }
}

function compile({ name, entries }: Published, build: string): void {
  const source = join(ROOT, "packages", name);
  const files = entries
    .flatMap((entry) => globSync(entry, { cwd: source }))
    .filter((file) => !/\.(test|bench)\.ts$|(^|\/)(fixtures|testing)\//.test(file));
  if (files.length === 0) return;
  const project = join(build, `tsconfig.${name}.json`);
  const config = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, "src"),
      outDir: join(build, name, "dist"),
      typeRoots: [join(ROOT, "node_modules/@types")],
      // Compiled packages stand in for the sources that a checkout's exports lead to.
      paths: { "@clew/protocol/*": [join(build, "protocol/dist/*.d.ts")] },
    },
    include: [],
    files: files.map((file) => join(source, file)),
  };
  writeFileSync(project, JSON.stringify(config));
  run("tsc", ["--project", project]);
}

/** Compiles and packs everything into `build`; returns the paths of the tarballs, in the order to install them. */
export function packAll(build: string): string[] {
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  return PUBLISHED.map((published) => {
    const source = join(ROOT, "packages", published.name);
    const target = join(build, published.name);
    mkdirSync(target);
    compile(published, build);
    if (published.script !== undefined) run(process.execPath, [join(ROOT, published.script)]);
    const copies = published.copies.filter((copy) => existsSync(join(source, copy)));
    const isSource = (file: string): boolean => !file.endsWith("__pycache__");
    for (const copy of copies) {
      cpSync(join(source, copy), join(target, copy), { recursive: true, filter: isSource });
    }
    cpSync(join(ROOT, "LICENSE"), join(target, "LICENSE"));
    const readme = [join(source, "README.md"), join(ROOT, "README.md")].find((file) => existsSync(file));
    if (readme !== undefined) cpSync(readme, join(target, "README.md"));
    const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
    const files = [...(published.entries.length > 0 ? ["dist"] : []), ...copies];
    writeFileSync(
      join(target, "package.json"),
      `${JSON.stringify(publishedManifest(manifest, files), null, 2)}\n`,
    );
    const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", build], target)) as {
      filename: string;
    }[];
    return join(build, packed?.filename ?? "");
  });
}

if (import.meta.main) {
  for (const tarball of packAll(resolve(process.argv[2] ?? join(ROOT, "build")))) console.log(tarball);
}
