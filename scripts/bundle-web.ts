/**
 * Builds the page of `packages/web` into its `dist`, which `clew serve` serves. In a checkout the server runs this
 * itself when a source has changed.
 */
import { globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const PACKAGE = fileURLToPath(new URL("../packages/web/", import.meta.url));

/** React's errors name a page that explains them. The page names no other host, so that this can be checked. */
const NO_ADDRESSES: Plugin = {
  name: "no-addresses",
  transform: (code) => code.replaceAll("https://react.dev/errors/", "react.dev/errors/"),
};

/**
 * Takes a second or two. No file is ever seen half written, and the start page comes last: a server may be sending
 * them meanwhile.
 */
export async function bundleWeb(dist = join(PACKAGE, "dist")): Promise<void> {
  const made = mkdtempSync(join(PACKAGE, ".dist-"));
  try {
    await build({
      root: PACKAGE,
      configFile: false,
      logLevel: "error",
      plugins: [NO_ADDRESSES],
      oxc: { jsx: { runtime: "automatic" } },
      build: {
        outDir: made,
        emptyOutDir: true,
        target: "es2022",
        // What is inlined as a data: URL, the page's own policy forbids for scripts and styles.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    });
    replace(made, dist);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function replace(made: string, dist: string): void {
  const files = globSync("**/*.*", { cwd: made }).sort(
    (a, b) => Number(a === "index.html") - Number(b === "index.html"),
  );
  for (const file of files) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    renameSync(join(made, file), join(dist, file));
  }
  const kept = new Set(files);
  for (const file of globSync("**/*.*", { cwd: dist })) if (!kept.has(file)) rmSync(join(dist, file));
}

if (import.meta.main) await bundleWeb();
