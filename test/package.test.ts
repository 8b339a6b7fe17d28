import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { packAll } from "../scripts/pack.ts";

const root = mkdtempSync(join(tmpdir(), "clew-package-"));
const folder = join(root, "app");
const dataDir = join(root, "data");
/** What a user has: the Node of this test, npm and its settings, and nothing of this checkout. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|CLEW_|NODE_TEST)/.test(name)),
  ),
  PATH: [
    dirname(process.execPath),
    ...(process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules")),
  ].join(delimiter),
};
const exec = promisify(execFile);

let server: ReturnType<typeof spawn> | undefined;
after(() => {
  server?.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

const SPAN = {
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  name: "invoke_agent hello",
  kind: 1,
  startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
  endTimeUnixNano: String(BigInt(Date.now() + 250) * 1_000_000n),
};

/** Asks itself once, over HTTP. */
const AGENT = `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  server.close();
  server.closeAllConnections();
});`;

test("the packed packages install into an empty folder, and `npx clew` serves, shows, traces and demonstrates", async () => {
  const tarballs = packAll(join(root, "build"));
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs];
  await exec("npm", install, { cwd: folder, env, timeout: 240_000 });

  const ports = ["--grpc-port", "0", "--http-port", "0", "--api-port", "0"];
  const args = ["clew", "serve", "--json", "--data-dir", dataDir, ...ports];
  server = spawn("npx", args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(server.stdout!, "data")) as [Buffer];
  const { api, http } = JSON.parse(String(line)) as { api: string; http: string };

  const sent = await fetch(`${http}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] }),
  });
  assert.equal(sent.status, 200);

  const shown = await eventually(async () => {
    const { stdout } = await exec("npx", ["clew", "trace", "last", "--json", "--url", api], {
      cwd: folder,
      env,
    });
    return JSON.parse(stdout) as { traceId: string; spans: { name: string }[] };
  });
  assert.equal(shown.traceId, SPAN.traceId);
  assert.deepEqual(
    shown.spans.map(({ name }) => name),
    [SPAN.name],
  );
  assert.equal((await fetch(api)).status, 200);

  writeFileSync(join(folder, "agent.mjs"), AGENT);
  await exec("npx", ["clew", "run", "--url", api, "--session", "packed", "--", "node", "agent.mjs"], {
    cwd: folder,
    env,
  });
  await eventually(async () => {
    const command = ["clew", "traces", "--session", "packed", "--json", "--url", api];
    const { stdout } = await exec("npx", command, { cwd: folder, env });
    const { items } = JSON.parse(stdout) as { items: { spanCount: number }[] };
    assert.deepEqual(
      items.map((item) => item.spanCount),
      [2],
    );
  });

  const demo = ["clew", "demo", "--json", "--url", api];
  const { stdout } = await exec("npx", demo, { cwd: folder, env: { ...env, PYTHON: "" } });
  const { traces } = JSON.parse(stdout) as { traces: { status: string; models: string[] }[] };
  assert.deepEqual(
    traces.map(({ status, models }) => [status, models.toSorted()]),
    [
      ["unset", ["claude-sonnet-5-20261001", "gpt-5-mini-2026-10-01"]],
      ["error", ["claude-sonnet-5-20261001", "gpt-5-mini-2026-10-01"]],
    ],
  );

  server.kill("SIGTERM");
  await eventually(async () => {
    const { stdout } = await exec("ps", ["-eo", "args"]);
    const left = stdout.split("\n").filter((line) => line.includes(dataDir));
    assert.deepEqual(left, []);
  });
});

/** What a span needs to become visible, and a server to end, is a moment. */
async function eventually<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = 40; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(250);
    }
  }
}
