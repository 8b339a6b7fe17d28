/**
 * Makes `packages/server/demo`, what `clew demo` runs where there is no checkout: the agents of
 * `examples/customer-support`, and the SDKs that they use, one file each, so that the server needs none of them.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PARTS = ["ask.js", "fleet.js", "listen.js", "customer-support", "model-server"];
const SDKS = ["openai", "@anthropic-ai/sdk"];

/** Takes about half a second. */
export async function bundleDemo(out = join(ROOT, "packages/server/demo")): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const isOurs = (file: string): boolean => !file.endsWith("__pycache__");
  for (const part of PARTS)
    cpSync(join(ROOT, "examples", part), join(out, part), { recursive: true, filter: isOurs });
  await Promise.all(SDKS.map((name) => bundleSdk(name, join(out, "node_modules", name))));
}

/** The preload knows an SDK by its name and version, so it stays a package. */
async function bundleSdk(name: string, folder: string): Promise<void> {
  const source = join(ROOT, "node_modules", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Record<string, unknown>;
  const { version, description, license } = manifest;
  await build({
    stdin: { contents: `export * from "${name}"; export { default } from "${name}";`, resolveDir: ROOT },
    outfile: join(folder, "index.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    // Names of classes are what the SDKs tell in errors.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "inline",
    logLevel: "error",
  });
  const kept = { name, version, description, license, type: "module", exports: "./index.mjs" };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(kept, null, 2)}\n`);
  cpSync(join(source, "LICENSE"), join(folder, "LICENSE"));
}

if (import.meta.main) await bundleDemo();
