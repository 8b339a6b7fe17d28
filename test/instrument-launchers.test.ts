import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { bundlePreload } from "../scripts/bundle-preload.ts";
import { OtlpCollector } from "./harness/otlp-collector.ts";
import { PRELOAD } from "./harness/preloaded-process.ts";

const AGENT = `#!/usr/bin/env node
import { createServer } from "node:http";
const server = createServer((request, response) => response.end("42")).listen(0, "127.0.0.1", async () => {
  console.log(await (await fetch("http://127.0.0.1:" + server.address().port)).text());
  server.close();
});`;

const STARTS = [
  ["npm", "start"],
  ["npx", "--no", "shop-agent"],
  ["sh", "-c", "shop-agent"],
  ["sh", "-c", "cd node_modules && node ../agent.mjs"],
] as const;

test("what others start is traced, and they are not", async (context) => {
  await bundlePreload();
  const folder = mkdtempSync(join(tmpdir(), "clew-launchers-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  const manifest = { name: "shop", private: true, scripts: { start: "node agent.mjs" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "agent.mjs"), AGENT);
  chmodSync(join(folder, "agent.mjs"), 0o755);
  symlinkSync("../../agent.mjs", join(folder, "node_modules/.bin/shop-agent"));
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));

  for (const [command, ...args] of STARTS) {
    await context.test([command, ...args].join(" "), async () => {
      await using collector = await OtlpCollector.start();
      const env = {
        ...Object.fromEntries(own),
        PATH: `${join(folder, "node_modules/.bin")}:${process.env.PATH}`,
        NODE_OPTIONS: `--import ${PRELOAD}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      };
      const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env });
      assert.equal(stdout.trim().split("\n").at(-1), "42");
      assert.deepEqual(collector.spans.map(({ kind }) => kind).toSorted(), [2, 3]);
      assert.deepEqual(new Set(collector.spans.map(({ service }) => service)), new Set(["shop"]));
    });
  }
});
