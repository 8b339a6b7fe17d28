import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

const HEADS = {
  esm: `import http from "node:http"; import { setTimeout as later } from "node:timers/promises"; import { promisify } from "node:util";
    import { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process";`,
  cjs: `const http = require("node:http"); const { setTimeout: later } = require("node:timers/promises"); const { promisify } = require("node:util");
    const { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } = require("node:child_process");`,
};

/** Runs `work()` inside a request, whose server span is the parent of what it does. */
const inRequest = (work: string) => `
const server = http.createServer(async (request, response) => {
  try { ${work} } catch (error) { console.log("failed", error); }
  response.end();
});
server.listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  server.close();
});
const ended = (child) => new Promise((resolve) => {
  let text = "";
  child.stdout?.on("data", (piece) => { text += piece; });
  child.on("error", (error) => resolve(error.code));
  child.on("close", () => resolve(text.trim()));
});
`;

/** In the order in which they were started. */
function childSpans(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const started = ({ startTimeUnixNano = "0" }: ReceivedSpan) => BigInt(startTimeUnixNano);
  return spans
    .filter(({ scope }) => scope === "clew.child_process")
    .sort((a, b) => (started(a) < started(b) ? -1 : 1));
}

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`every form starts a child with a span and its context, ${kind}`, async () => {
    const print = "printenv TRACEPARENT #";
    const source = `${head}${inRequest(`
      const log = (name, text) => console.log(JSON.stringify([name, String(text).trim()]));
      log("spawn", await ended(spawn("printenv", ["TRACEPARENT"])));
      log("spawn with a shell", await ended(spawn(${JSON.stringify(print)}, { shell: true })));
      log("exec", (await promisify(exec)("printenv TRACEPARENT")).stdout);
      log("execFile", (await promisify(execFile)("printenv", ["TRACEPARENT"])).stdout);
      log("spawnSync", spawnSync("printenv", ["TRACEPARENT"]).stdout);
      log("execFileSync", execFileSync("printenv", ["TRACEPARENT"], { encoding: "utf8" }));
      log("execSync", execSync("printenv TRACEPARENT"));
      log("short environment", spawnSync("printenv", [], { env: { OWN: "1", PATH: process.env.PATH } }).stdout);
    `)}`;
    const { spans, stdout, stderr, code } = await runAgent({ kind, source });
    assert.deepEqual([code, stderr], [0, ""]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, string]);
    assert.equal(lines.length, 8);
    const server = spans.find((span) => span.kind === 2);
    const children = childSpans(spans);
    assert.equal(children.length, lines.length);
    for (const [index, [name, text]] of lines.entries()) {
      const span = children[index];
      const traceparent = `00-${span?.traceId}-${span?.spanId}-0`;
      assert.ok(text.includes(traceparent), `${name}: ${text} has ${traceparent}`);
      assert.deepEqual([span?.name, span?.kind, span?.parentSpanId], ["printenv", 3, server?.spanId], name);
      assert.equal(span?.attributes["process.exit.code"], 0);
      assert.equal(span?.status?.code ?? 0, 0);
    }
    const variables = lines
      .at(-1)?.[1]
      .split("\n")
      .map((line) => line.split("=")[0])
      .sort();
    assert.deepEqual(variables, ["OWN", "PATH", "TRACEPARENT"]);
  });

  test(`children that fail, are killed or never start say so, and their parents see no difference, ${kind}`, async () => {
    const source = `${head}${inRequest(`
      const codes = [];
      codes.push(await new Promise((resolve) => spawn("sh", ["-c", "exit 3"]).on("exit", resolve)));
      codes.push(await ended(spawn("/no/such/program")));
      const sleeper = spawn("sleep", ["20"]);
      sleeper.on("exit", (code, signal) => codes.push(signal));
      await later(20);
      sleeper.kill();
      await later(50);
      codes.push(await new Promise((resolve) => exec("kill -9 $$", (error) => resolve(error.signal))));
      codes.push(spawnSync("/no/such/program").error.code);
      try { execSync("exit 4", { stdio: "pipe" }); } catch (error) { codes.push(error.status); }
      try { execFileSync("/no/such/program"); } catch (error) { codes.push(error.code); }
      try { spawn("x", { cwd: 5 }); } catch (error) { codes.push(error.code); }
      codes.push(spawnSync.name, execSync.name, spawnSync("true", { env: { TRACEPARENT: "own" } }).status);
      console.log(codes.join(" "));
    `)}`;
    const { spans, stdout, stderr } = await runAgent({ kind, source });
    assert.equal(
      stdout,
      "3 ENOENT SIGTERM SIGKILL ENOENT 4 ENOENT ERR_INVALID_ARG_TYPE spawnSync execSync 0\n",
      stderr,
    );
    const children = childSpans(spans);
    assert.deepEqual(
      children.map(({ name, status, attributes }) => [
        name,
        status?.code ?? 0,
        attributes["error.type"] ?? (attributes["clew.cancelled"] ? "cancelled" : ""),
      ]),
      [
        ["sh", 2, "3"],
        ["program", 2, "ENOENT"],
        ["sleep", 0, "cancelled"],
        ["kill", 2, "SIGKILL"],
        ["program", 2, "ENOENT"],
        ["exit", 2, "4"],
        ["program", 2, "ENOENT"],
        ["true", 0, ""],
      ],
    );
  });

  test(`a child that is Node continues the trace, forked or started without its parent's environment, ${kind}`, async () => {
    const child = `require("node:http").get(process.argv[2], (response) => response.resume().on("end", () => process.disconnect?.()))`;
    const source = `${head}
      ${kind === "esm" ? 'import fs from "node:fs";' : 'const fs = require("node:fs");'}
      fs.writeFileSync("child.cjs", ${JSON.stringify(child)});
      const target = http.createServer((request, response) => response.end());
      ${inRequest(`
        await new Promise((resolve) => target.listen(0, "127.0.0.1", resolve));
        const url = "http://127.0.0.1:" + target.address().port;
        await ended(fork("child.cjs", [url + "/forked"]));
        process.env.NODE_OPTIONS = "--import=" + process.execArgv[1];
        const env = { PATH: process.env.PATH };
        await ended(spawn(process.execPath, ["child.cjs", url + "/spawned"], { env }));
        spawnSync(process.execPath, ["-e", "fetch(1).catch(() => console.log(process.env.OTEL_EXPORTER_OTLP_HEADERS))"], { env, stdio: "inherit" });
        target.close();
      `)}`;
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret" };
    const { spans, stdout, stderr, code } = await runAgent({ kind, source, env });
    assert.deepEqual([code, stdout, stderr], [0, "undefined\n", ""]);
    for (const path of ["/forked", "/spawned"]) {
      const server = spans.find(({ kind: of, attributes }) => of === 2 && attributes["url.path"] === path);
      const client = spans.find(({ spanId }) => spanId === server?.parentSpanId);
      const started = spans.find(({ spanId }) => spanId === client?.parentSpanId);
      assert.deepEqual([started?.name, started?.scope], ["node", "clew.child_process"], path);
    }
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  });
}
