import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { preloadUrl } from "./preload.ts";

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A checkout as `npm ci` leaves it, with a script in place of the one that bundles; URL of its preload. */
function checkout(script: string): string {
  const root = mkdtempSync(join(tmpdir(), "clew-preload-"));
  folders.push(root);
  const files = {
    "packages/instrument/src/preload.ts": "",
    "packages/protocol/src/ids.ts": "",
    "scripts/bundle-preload.ts": script,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  mkdirSync(join(root, "node_modules/@clew"), { recursive: true });
  symlinkSync("../../packages/instrument", join(root, "node_modules/@clew/instrument"));
  return pathToFileURL(join(root, "node_modules/@clew/instrument/dist/register.mjs")).href;
}

/** Without the link. */
function realUrl(url: string): string {
  return pathToFileURL(`${realpathSync(fileURLToPath(new URL("..", url)))}/dist/`).href;
}

/** Makes the files and counts how often in the size of one of them. */
const MAKES = `import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const dist = new URL("../packages/instrument/dist/", import.meta.url);
mkdirSync(dist, { recursive: true });
for (const name of ["register.mjs", "preload.cjs"]) writeFileSync(new URL(name, dist), "");
appendFileSync(new URL("count", dist), ".");`;

test("a checkout that was just cloned gets its preload made, once", () => {
  const url = checkout(MAKES);
  assert.equal(preloadUrl(url), url);
  const count = fileURLToPath(new URL("count", url));
  assert.equal(readFileSync(count, "utf8"), ".");
  preloadUrl(url);
  assert.equal(readFileSync(count, "utf8"), ".");
});

test("a source that is newer has the preload made again", () => {
  const url = checkout(MAKES);
  preloadUrl(url);
  const inAMinute = new Date(Date.now() + 60_000);
  utimesSync(fileURLToPath(new URL("../../protocol/src/ids.ts", realUrl(url))), inAMinute, inAMinute);
  preloadUrl(url);
  assert.equal(readFileSync(fileURLToPath(new URL("count", url)), "utf8"), "..");
});

test("a preload that cannot be made is told with what the script said", () => {
  const url = checkout(`throw new Error("no compiler");`);
  assert.throws(() => preloadUrl(url), { name: "UsageError", message: /no compiler/ });
});

test("a published package has its preload, and nothing is made", () => {
  const url = checkout(MAKES);
  rmSync(fileURLToPath(new URL("../../../scripts", realUrl(url))), { recursive: true });
  assert.equal(preloadUrl(url), url);
  assert.equal(existsSync(fileURLToPath(new URL("count", url))), false);
});
