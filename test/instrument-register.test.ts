import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundlePreload } from "../scripts/bundle-preload.ts";
import { OtlpCollector } from "./harness/otlp-collector.ts";

const PACKAGE = fileURLToPath(new URL("../packages/instrument", import.meta.url));
const AGENT = `
const server = createServer((request, response) => response.end("42")).listen(0, "127.0.0.1", async () => {
  console.log(await (await fetch("http://127.0.0.1:" + server.address().port)).text());
  server.close();
});`;
const FILES = {
  "agent.mjs": `import { createServer } from "node:http";${AGENT}`,
  "agent.cjs": `const { createServer } = require("node:http");${AGENT}`,
  "first.mjs": 'import "@clew/instrument/register";\nawait import("./agent.mjs");',
  "line.cjs": `require("@clew/instrument/register");\nconst { createServer } = require("node:http");${AGENT}`,
};

const STARTS: readonly (readonly [
  how: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
])[] = [
  ["--import, an ES module", ["--import", "@clew/instrument/register", "agent.mjs"]],
  ["--import, CommonJS", ["--import", "@clew/instrument/register", "agent.cjs"]],
  ["--require", ["--require", "@clew/instrument/register", "agent.cjs"]],
  ["NODE_OPTIONS", ["agent.mjs"], { NODE_OPTIONS: "--import @clew/instrument/register" }],
  ["both at once", ["line.cjs"], { NODE_OPTIONS: "--import @clew/instrument/register" }],
  ["a first file that imports the program", ["first.mjs"]],
  ["the first line of CommonJS", ["line.cjs"]],
];

test("a program is traced whichever way it loads the preload", async (context) => {
  await bundlePreload();
  const folder = mkdtempSync(join(tmpdir(), "clew-register-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules/@clew"), { recursive: true });
  symlinkSync(PACKAGE, join(folder, "node_modules/@clew/instrument"));
  for (const [name, source] of Object.entries(FILES)) writeFileSync(join(folder, name), source);
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));

  for (const [how, args, more] of STARTS) {
    await context.test(how, async () => {
      await using collector = await OtlpCollector.start();
      const env = { ...Object.fromEntries(own), OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...more };
      const ended = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
      assert.deepEqual(ended, { stdout: "42\n", stderr: "" });
      assert.deepEqual(collector.spans.map(({ kind }) => kind).toSorted(), [2, 3]);
      assert.equal(new Set(collector.spans.map(({ traceId }) => traceId)).size, 1);
    });
  }
});
