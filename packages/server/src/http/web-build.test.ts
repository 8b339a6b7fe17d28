import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebBuild } from "./web-build.ts";

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A checkout with a script in place of the one that builds; the folder of its web package. */
function checkout(script: string): string {
  const root = mkdtempSync(join(tmpdir(), "clew-web-build-"));
  folders.push(root);
  const files = {
    "packages/web/src/main.tsx": "",
    "packages/protocol/src/ids.ts": "",
    "scripts/bundle-web.ts": script,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return join(root, "packages/web");
}

/** Makes the page and counts how often. */
const BUILDS = `import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const dist = new URL("../packages/web/dist/", import.meta.url);
mkdirSync(dist, { recursive: true });
appendFileSync(new URL("count", dist), ".");
writeFileSync(new URL("index.html", dist), "");`;

async function settled(build: WebBuild): Promise<unknown> {
  for (;;) {
    const state = build.check();
    if (state !== "building") return state;
    await sleep(20);
  }
}

test("a checkout builds its page once, and again when a source is newer", async () => {
  const folder = checkout(BUILDS);
  const build = WebBuild.of(folder)!;
  assert.equal(build.check(), "building");
  assert.equal(await settled(build), "fresh");
  assert.equal(build.check(), "fresh");
  const count = join(folder, "dist/count");
  assert.equal(readFileSync(count, "utf8"), ".");
  const newer = new Date(build.builtMs + 10);
  utimesSync(join(folder, "../protocol/src/ids.ts"), newer, newer);
  await sleep(20);
  assert.equal(build.check(), "building");
  assert.equal(await settled(build), "fresh");
  assert.equal(readFileSync(count, "utf8"), "..");
});

test("what another process built is up to date here too", async () => {
  const folder = checkout(BUILDS);
  const one = WebBuild.of(folder)!;
  const other = WebBuild.of(folder)!;
  await settled(one);
  assert.equal(other.check(), "fresh");
  assert.equal(other.builtMs, one.builtMs);
});

test("a build that fails tells why, and is not tried again before a source changes", async () => {
  const folder = checkout(`throw new Error("no <compiler>");`);
  const build = WebBuild.of(folder)!;
  const state = (await settled(build)) as { failed: string };
  assert.match(state.failed, /no <compiler>/);
  assert.deepEqual(build.check(), state);
  writeFileSync(join(folder, "../../scripts/bundle-web.ts"), BUILDS);
  assert.equal(await settled(build), "fresh");
});

test("a published package has its page, and nothing is built", () => {
  const folder = checkout(BUILDS);
  rmSync(join(folder, "../../scripts"), { recursive: true });
  assert.equal(WebBuild.of(folder), undefined);
  assert.equal(existsSync(join(folder, "dist")), false);
});
