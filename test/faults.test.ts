import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { processesNaming } from "./harness/process-tree.ts";
import { runClew } from "./harness/run-clew.ts";
import { type ServeOptions, ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { until } from "./harness/until.ts";

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

/** Starts a server that must not start; returns the one line that says why. */
async function failsToStart(options: ServeOptions, code = 1): Promise<string> {
  const server = ServerProcess.launch(options);
  await until("the server to end", () => server.exit !== undefined, { timeoutMs: 30_000 }).catch(
    async (error) => {
      await server.killAll();
      throw error;
    },
  );
  assert.deepEqual(server.exit, { code, signal: null }, server.notes);
  assert.equal(server.output, "");
  const lines = server.notes.trim().split("\n");
  assert.equal(lines.length, 1, server.notes);
  assert.match(lines[0]!, /^clew: /);
  assert.deepEqual(processesNaming(server.dataDir), []);
  return lines[0]!;
}

function mounted(t: TestContext, options: string): string {
  const folder = temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  t.after(() => execFileSync("umount", ["-l", folder]));
  return folder;
}

test("a data folder on a read-only disk is one line and exit code 1", {
  skip: IS_ROOT ? false : "mounting needs root",
}, async (t) => {
  const folder = mounted(t, "ro");
  assert.match(await failsToStart({ dataDir: folder }), new RegExp(`${folder}.*read-only.*--data-dir`));
  assert.match(await failsToStart({ dataDir: join(folder, "below") }), /cannot be made/);
});

test("a data folder of somebody else is one line and exit code 1", {
  skip: IS_ROOT ? false : "becoming another user needs root",
}, async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  assert.match(await failsToStart({ dataDir: folder, user: NOBODY }), /may not write/);
});

test("a file where the data folder should be is one line and exit code 1", async () => {
  const file = join(temporaryFolder(), "data");
  writeFileSync(file, "");
  assert.match(await failsToStart({ dataDir: file }), /it is a file/);
  assert.match(await failsToStart({ dataDir: join(file, "below") }), /is a file/);
});

test("a data folder that a full disk holds is one line and exit code 1", {
  skip: IS_ROOT ? false : "mounting needs root",
}, async (t) => {
  const folder = mounted(t, "size=1m");
  assert.throws(() => writeFileSync(join(folder, "full"), Buffer.alloc(2 * 1024 * 1024)), /ENOSPC/);
  assert.match(await failsToStart({ dataDir: folder }), /no room/);
});

test("a second server on the same data is told who has it, and the first goes on", async () => {
  await using first = await ServerProcess.start();
  const { dataDir, pid, url } = first;
  const said = await failsToStartOn(first);
  assert.ok(said.includes(String(pid)) && said.includes(url) && said.includes(dataDir), said);
  const http = new RawHttp(first.ports.http);
  assert.equal((await http.send("traces", Buffer.alloc(0))).status, 200);
  assert.ok((await first.api.status()).store.state === "ready");
  http.close();
});

async function failsToStartOn({ dataDir }: ServerProcess): Promise<string> {
  const second = ServerProcess.launch({ dataDir });
  await until("the second server to end", () => second.exit !== undefined);
  assert.deepEqual(second.exit, { code: 1, signal: null });
  assert.equal(second.notes.trim().split("\n").length, 1, second.notes);
  return second.notes;
}

for (const [name, flag] of Object.entries({ grpc: "--grpc-port", http: "--http-port", api: "--api-port" })) {
  test(`a taken port of ${name} is one line that names the port and ${flag}`, async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const dataDir = temporaryFolder();
    const ports = { grpc: 0, http: 0, api: 0, [name]: port };
    const said = await failsToStart({ dataDir, ports });
    assert.match(said, new RegExp(`${port}.*taken.*${flag}`));
    taken.close();
    await using server = await ServerProcess.start({ dataDir });
    assert.equal((await server.api.status()).store.state, "ready");
  });
}

const CONFIGURATIONS: Record<
  string,
  { args?: string[]; env?: Record<string, string>; file?: string; says: RegExp }
> = {
  "an unknown flag": { args: ["--http-prot", "1"], says: /--http-prot.*--http-port/ },
  "a port that is none": { args: ["--http-port", "eighty"], says: /--http-port.*"eighty".*0 to 65535/ },
  "a port that is too large": { env: { CLEW_API_PORT: "70000" }, says: /CLEW_API_PORT.*70000/ },
  "an unknown variable": { env: { CLEW_HTTPPORT: "1" }, says: /CLEW_HTTPPORT.*CLEW_HTTP_PORT/ },
  "an unknown key": { file: "httpPrt: 1", says: /clew\.yaml:1.*httpPrt.*httpPort/ },
  "a file that is no YAML": { file: '"httpPort: 1', says: /clew\.yaml:1.*quote/ },
  "a file that is not there": { args: ["--config", "nowhere.yaml"], says: /nowhere\.yaml.*no such file/ },
  "everybody may come in": { args: ["--host", "0.0.0.0"], says: /token.*--insecure/ },
  "two ports that are one": { args: ["--http-port", "4000", "--api-port", "4000"], says: /4000/ },
  "half of TLS": { args: ["--tls-cert", import.meta.filename], says: /tls\.key/ },
  "a store of another kind": { args: ["--store", "postgres://localhost"], says: /clickhouse:\/\// },
  "a size that is none": { args: ["--max-log-bytes", "lots"], says: /--max-log-bytes.*64MiB/ },
  "a flag without its value": { args: ["--data-dir"], says: /--data-dir/ },
  "an argument too many": { args: ["now"], says: /argument/ },
};

for (const [name, { args = [], env = {}, file, says }] of Object.entries(CONFIGURATIONS)) {
  test(`a wrong configuration is one line and exit code 2: ${name}`, async () => {
    const cwd = temporaryFolder();
    if (file !== undefined) writeFileSync(join(cwd, "clew.yaml"), file);
    const dataDir = join(cwd, "data");
    const result = await runClew(["serve", ...args], { cwd, env: { CLEW_DATA_DIR: dataDir, ...env } });
    assert.equal(result.code, 2, result.stderr);
    assert.equal(result.stderr.trim().split("\n").length, 1, result.stderr);
    assert.match(result.stderr, says);
    assert.equal(existsSync(dataDir), false);
  });
}

test("whoever speaks another protocol than the port is told, and so is the operator", async (t) => {
  await using server = await ServerProcess.start();
  const { ports } = server;
  const WRONG: Record<string, { send: () => Promise<unknown>; reason: string; hint: RegExp }> = {
    "TLS to the port of gRPC": {
      send: () => tlsHello(ports.grpc),
      ...{ reason: "tls_on_plaintext", hint: /OTEL_EXPORTER_OTLP_INSECURE=true.*http:\/\// },
    },
    "TLS to the port of HTTP": {
      send: () => tlsHello(ports.http),
      ...{ reason: "tls_on_plaintext", hint: /begin the endpoint with http:\/\// },
    },
    "HTTP to the port of gRPC": {
      send: async () => {
        const http = new RawHttp(ports.grpc);
        const answer = await http.send("traces", Buffer.alloc(0));
        assert.equal(answer.status, 400);
        assert.match(`${answer.body}`, new RegExp(`port ${ports.http}.*OTEL_EXPORTER_OTLP_PROTOCOL=grpc`));
        http.close();
      },
      ...{ reason: "http_on_grpc", hint: new RegExp(`port ${ports.http}`) },
    },
    "gRPC to the port of HTTP": {
      send: async () => {
        const grpc = new RawGrpc(ports.http);
        const answer = await grpc.send("traces", Buffer.alloc(0));
        assert.equal(answer.status, 12);
        assert.match(answer.message, new RegExp(`port ${ports.grpc}.*http/protobuf`));
        grpc.close();
      },
      ...{ reason: "grpc_on_http", hint: new RegExp(`port ${ports.grpc}`) },
    },
    "noise to the port of gRPC": { send: () => noise(ports.grpc), reason: "not_http", hint: /^/ },
    "noise to the port of HTTP": { send: () => noise(ports.http), reason: "not_http", hint: /^/ },
  };
  for (const [what, { send, reason, hint }] of Object.entries(WRONG)) {
    await t.test(what, async () => {
      const before = await refusals(server, reason);
      await send();
      const found = await until(`the refusal of ${what}`, async () => {
        const now = await refusals(server, reason);
        return now.count > before.count && now;
      });
      assert.match(found.hint, hint);
      assert.ok(found.message.length > 10);
    });
  }
  const { stdout, code } = await runClew(["status", "--json", "--url", server.url]);
  assert.equal(code, 0);
  const reasons = JSON.parse(stdout).ingest.refusals.map((each: { reason: string }) => each.reason);
  assert.deepEqual([...new Set(reasons)].sort(), [
    "grpc_on_http",
    "http_on_grpc",
    "not_http",
    "tls_on_plaintext",
  ]);
  const shown = await runClew(["status", "--url", server.url]);
  assert.match(shown.stdout, /OTEL_EXPORTER_OTLP_INSECURE/);
  const http = new RawHttp(ports.http);
  assert.equal((await http.send("traces", Buffer.alloc(0))).status, 200);
  http.close();
});

/** Counted by hint as well, so that the last of several is the one that was just made. */
async function refusals(server: ServerProcess, reason: string) {
  const all = (await server.api.status()).ingest.refusals as readonly {
    reason: string;
    count: number;
    hint?: string;
    message?: string;
  }[];
  const found = all.filter((each) => each.reason === reason);
  const count = found.reduce((sum, each) => sum + each.count, 0);
  return { count, hint: found[0]?.hint ?? "", message: found[0]?.message ?? "" };
}

/** Resolves when the server has ended the connection. */
async function tlsHello(port: number): Promise<void> {
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  assert.match(error.code ?? error.message, /SSL|ECONNRESET|EPROTO/);
  socket.destroy();
}

async function noise(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.end(Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]));
  await once(socket.resume(), "close");
}

test("a server that was killed leaves nothing that keeps the next one from starting", async () => {
  const dataDir = temporaryFolder();
  mkdirSync(dataDir, { recursive: true });
  for (let round = 0; round < 2; round++) {
    const server = await ServerProcess.start({ dataDir });
    await server.killAll();
  }
  await using server = await ServerProcess.start({ dataDir });
  assert.equal((await server.api.status()).store.state, "ready");
});
