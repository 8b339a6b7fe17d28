import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/clew/", import.meta.url));
const UNPACK = 'await (await import("@sparticuz/chromium")).default.executablePath();';

/** The arguments of the package switch off what is tested here, such as the rules about origins. */
const ARGS = [
  "--no-sandbox",
  "--font-render-hinting=none",
  "--disable-lcd-text",
  "--force-color-profile=srgb",
];

/** A headless Chromium: that of `CHROMIUM_PATH`, else the one that comes as a package. */
export async function startChromium(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH;
  if (own) return chromium.launch({ executablePath: own, args: ARGS });
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: ARGS,
    env: {
      ...(process.env as Record<string, string>),
      // What a machine without desktop packages lacks.
      LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, join(folder, "al2023/lib")].filter(Boolean).join(":"),
    },
  });
}

/**
 * The package unpacks into the temporary folder as it goes, so that who comes second may start half a program; here
 * it is complete or not there.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(findManifest(PACKAGE), "utf8")) as { version: string };
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    // It takes its libraries along where it believes to be in a Lambda.
    const env = { ...process.env, TMPDIR: made, AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" };
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", UNPACK], {
      env,
      cwd: dirname(CACHE),
    });
    renameSync(made, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

function findManifest(folder: string): string {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) ? manifest : findManifest(dirname(folder));
}
