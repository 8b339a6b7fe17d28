import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CommandOptions, runClew } from "./harness/run-clew.ts";
import { ServerProcess, serveEnvironment, temporaryFolder } from "./harness/server-process.ts";
import { until } from "./harness/until.ts";

const CLEW = fileURLToPath(new URL("../packages/server/bin/clew.js", import.meta.url));

/** Asks itself once, over HTTP. */
const AGENT = `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port + "/work")).text();
  server.close();
  server.closeAllConnections();
});`;

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder("clew-run-");
  for (const [name, text] of Object.entries({ "agent.mjs": AGENT, ...files })) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function clewRun(args: readonly string[], options: CommandOptions = {}) {
  return runClew(["run", "--url", server.url, ...args], options);
}

/** The one trace of a session, when both of its spans are there. */
function traceOf(session: string) {
  return until(`a trace of session ${session}`, async () => {
    const { items } = await server.api.traces({ session });
    return items.find((item) => item.spanCount === 2);
  });
}

test("a program is traced with the ids it was run with", async () => {
  const ids = ["--session", "s-1", "--task", "t-1", "--test-case", "c-1", "--name", "planner"];
  const { code, stdout, stderr } = await clewRun([...ids, "--", process.execPath, "agent.mjs"], {
    cwd: project(),
  });
  assert.deepEqual([code, stdout, stderr], [0, "", ""]);
  const item = await traceOf("s-1");
  assert.deepEqual([item.rootName, item.spanCount, item.services], ["GET", 2, ["planner"]]);
  const trace = await server.api.trace(item.traceId);
  assert.equal(trace.ctx.task?.id, "t-1");
  assert.equal(trace.ctx.test?.case?.id, "c-1");
});

test("Node processes that others start are traced, each under its own name", async () => {
  const folder = project({
    "package.json": JSON.stringify({ name: "shop", scripts: { start: "node agent.mjs" } }),
  });
  const { code } = await clewRun(["--session", "s-npm", "--", "npm", "start"], { cwd: folder });
  assert.equal(code, 0);
  const item = await traceOf("s-npm");
  assert.deepEqual([item.spanCount, item.services], [2, ["shop"]]);
});

test("standard input, output, error and the exit code are the program's", async () => {
  const script = `process.stdin.pipe(process.stdout); process.stdin.on("end", () => {
    console.error("to stderr", process.argv.slice(2).join());
    process.exitCode = 42;
  });`;
  const folder = project({ "echo.mjs": script });
  const result = await clewRun([process.execPath, "echo.mjs", "--session", "-x"], {
    cwd: folder,
    input: "hello",
  });
  assert.deepEqual(result, { code: 42, stdout: "hello", stderr: "to stderr --session,-x\n" });
});

test("a signal reaches the program, which decides about its end", async () => {
  const script = `process.on("SIGTERM", () => { console.log("ending"); process.exit(5); });
    setInterval(() => {}, 1000); console.log("ready");`;
  const folder = project({ "wait.mjs": script });
  const args = [CLEW, "run", "--url", server.url, "--", process.execPath, "wait.mjs"];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: serveEnvironment(folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (text) => {
    if (stdout === "") child.kill("SIGTERM");
    stdout += text;
  });
  const [code] = await once(child, "close");
  assert.deepEqual([code, stdout], [5, "ready\nending\n"]);
});

test("a program that a signal ends, one that is not there and one without a server end as in a shell", async () => {
  const folder = project();
  const killed = await clewRun(["--", "sh", "-c", "kill -TERM $$"], { cwd: folder });
  assert.equal(killed.code, 143);
  const missing = await clewRun(["--", "no-such-command"], { cwd: folder });
  assert.deepEqual(
    [missing.code, missing.stderr],
    [127, "clew: no-such-command: there is no such command\n"],
  );
  const alone = ["run", "--url", "http://127.0.0.1:1", "--", process.execPath, "agent.mjs"];
  const { code, stderr } = await runClew(alone, { cwd: folder });
  assert.deepEqual([code, stderr], [0, ""]);
});

test("what the environment says already is kept", async () => {
  const script = `const { NODE_OPTIONS, CLEW_CONTENT, OTEL_EXPORTER_OTLP_ENDPOINT } = process.env;
    console.log(JSON.stringify({ NODE_OPTIONS, CLEW_CONTENT, OTEL_EXPORTER_OTLP_ENDPOINT }));`;
  const env = {
    NODE_OPTIONS: "--max-old-space-size=300",
    CLEW_CONTENT: "metadata",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://elsewhere:4318",
  };
  const { stdout } = await clewRun(["--", process.execPath, "-e", script], { cwd: project(), env });
  const got = JSON.parse(stdout);
  assert.match(got.NODE_OPTIONS, /^--import=file:\S+register\.mjs --max-old-space-size=300$/);
  assert.deepEqual({ ...got, NODE_OPTIONS: "" }, { ...env, NODE_OPTIONS: "" });
});
