import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const MODULE = new URL("../packages/server/bin/newer-node.js", import.meta.url);
const { isNewEnough, nodePackage } = await import(MODULE.href);

const root = mkdtempSync(join(tmpdir(), "clew-node-"));
after(() => rmSync(root, { recursive: true }));

/** A program that wants a newer Node than this one, in a folder of its own. */
function program(name: string, body: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  const module = join(folder, "newer-node.js");
  cpSync(fileURLToPath(MODULE), module);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const main = `import { onNewerNode } from "./newer-node.js";\n${body}`;
  writeFileSync(join(folder, "main.js"), main);
  return join(folder, "main.js");
}

/** This Node made to look like an old one, with the arguments to run a program with. */
const OLD = [
  "--import",
  "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})",
];

test("22.18 and later are new enough", () => {
  assert.deepEqual(["20.20.2", "22.17.9", "22.18.0", "23.0.0", "24.1.0"].map(isNewEnough), [
    false,
    false,
    true,
    true,
    true,
  ]);
});

test("without a newer Node one line says what to do, and the exit code is 1", () => {
  const main = program("none", 'onNewerNode("clew", async () => console.log("ran"));');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...OLD, main], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /^clew needs Node 22\.18 or newer and this is 20\.20\.2; install a newer one from nodejs\.org.*\n$/,
  );
});

test("an installed node package whose binary is missing is said to be incomplete", () => {
  const main = program("incomplete", 'onNewerNode("clew", async () => console.log("ran"));');
  mkdirSync(join(root, "incomplete", "node_modules", "node"), { recursive: true });
  assert.equal(nodePackage(join(root, "incomplete")), join(root, "incomplete", "node_modules", "node"));
  const { status, stderr } = spawnSync(process.execPath, [...OLD, main], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /npm rebuild node/);
});

test("an installed newer Node runs the same command line and passes on its output, input and exit code", () => {
  const main = program(
    "complete",
    'onNewerNode("clew", async () => { process.stdin.pipe(process.stdout); console.log(process.argv.slice(2).join()); process.exitCode = 7; });',
  );
  const bin = join(root, "complete", "node_modules", "node", "bin");
  mkdirSync(bin, { recursive: true });
  // The old Node's arguments come along; a script that drops them stands for a Node that is new by itself.
  writeFileSync(join(bin, "node"), `#!/bin/sh\nshift 2\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  const run = spawnSync(process.execPath, [...OLD, main, "a", "b"], { encoding: "utf8", input: "typed" });
  assert.equal(run.stderr, "");
  assert.equal(run.stdout, "a,b\ntyped");
  assert.equal(run.status, 7);
});

test("a newer Node that is none does not start another one for ever", () => {
  const main = program("loop", 'onNewerNode("clew", async () => console.log("ran"));');
  const bin = join(root, "loop", "node_modules", "node", "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, "node"));
  const { status, stderr } = spawnSync(process.execPath, [...OLD, main], {
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(status, 1);
  assert.match(stderr, /needs Node/);
});
