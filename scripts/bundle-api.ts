/** Makes the functions of `@clew/instrument` one file for each kind of module, and their types. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PACKAGE = join(ROOT, "packages/instrument");

/**
 * OpenTelemetry's API does nothing where the process registered an older minor version of it. What these functions
 * call is in all of them, so their copy may say that it is the oldest.
 */
const OLDEST_API: Plugin = {
  name: "oldest-api",
  setup({ onLoad }) {
    onLoad({ filter: /@opentelemetry[\\/]api[\\/]dist[\\/]version\.[cm]js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source.replace(/VERSION = "1\.\d+\.\d+"/, 'VERSION = "1.0.0"');
      if (contents === source) throw new Error(`${path} is not what this script was written for`);
      return { contents, loader: "js" };
    });
  },
};

/** Writes `api.mjs` and `api.cjs` into a folder; takes about 0.1 s. */
export async function bundleApi(out: string): Promise<void> {
  const shared: BuildOptions = {
    bundle: true,
    platform: "node",
    target: "node18",
    entryPoints: { api: join(PACKAGE, "src/api.ts") },
    outdir: out,
    logLevel: "error",
    plugins: [OLDEST_API],
  };
  await Promise.all([
    build({ ...shared, format: "esm", outExtension: { ".js": ".mjs" } }),
    build({ ...shared, format: "cjs", outExtension: { ".js": ".cjs" } }),
  ]);
}

/** Writes `api.d.mts` and `api.d.cts` into a folder; takes some seconds. */
export function writeApiTypes(out: string): void {
  const folder = mkdtempSync(join(tmpdir(), "clew-types-"));
  try {
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        stripInternal: true,
        rootDir: join(ROOT, "packages"),
        outDir: folder,
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      include: [join(PACKAGE, "src/api.ts")],
    };
    const file = join(folder, "tsconfig.json");
    writeFileSync(file, JSON.stringify(config));
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", file], { stdio: "inherit" });
    const types = readFileSync(join(folder, "instrument/src/api.d.ts"), "utf8");
    for (const name of ["api.d.mts", "api.d.cts"]) writeFileSync(join(out, name), types);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
