import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "@clew/protocol/api/api-error";
import { EngineSql } from "../bench/engine-sql.ts";
import { Supervisor } from "../packages/server/src/store/supervisor.ts";
import { LoadLoop } from "./harness/load-loop.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { runClew } from "./harness/run-clew.ts";
import { Sender } from "./harness/sender.ts";
import { freePorts, ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

const MIB = 1024 * 1024;
/** The least that can be configured. */
const LOG_LIMIT = ["--max-log-bytes", "64MiB"];
/** What refusing a load may cost beyond receiving it. */
const GROWTH_BYTES = 250 * MIB;

/** Asserts that both protocols say when to come again. */
async function assertToldToComeAgain(server: ServerProcess, bytes: Uint8Array): Promise<void> {
  const http = new RawHttp(server.ports.http);
  const grpc = new RawGrpc(server.ports.grpc);
  const overHttp = await http.send("traces", bytes);
  assert.ok([429, 503].includes(overHttp.status), `status ${overHttp.status}`);
  assert.ok(Number(overHttp.headers["retry-after"]) > 0);
  assert.match(`${overHttp.body}`, /durable log is at its limit/);
  const overGrpc = await grpc.send("traces", bytes);
  assert.equal(overGrpc.status, 14);
  assert.match(overGrpc.message, /durable log is at its limit/);
  assert.match(`${overGrpc.details}`, /google\.rpc\.RetryInfo/);
  http.close();
  grpc.close();
}

async function waitingBytes(server: ServerProcess): Promise<number> {
  const { pipeline } = await server.api.status();
  assert.ok(pipeline !== undefined);
  return pipeline.logBytes;
}

test("while the engine stands still the log takes what it may, then senders are put off, and all arrives", async (t) => {
  await using server = await ServerProcess.start({ args: LOG_LIMIT });
  const load = new NumberedLoad();
  using sender = new Sender(server.ports);
  await using loop = new LoadLoop(load, sender, { senders: 4, spansPerRequest: 100, pauseMs: 0 });
  await loop.acknowledges(5000);
  using held = server.holdEngine();
  await until("a first refusal", () => sender.refusals.size > 0);
  const before = server.residentBytes;
  const taken = sender.count("traces");
  // Long enough for thousands of refusals.
  await sleep(3000);
  const grownBytes = server.residentBytes - before;
  await assertToldToComeAgain(server, load.next("traces", 100).bytes);
  const statuses = [...sender.refusals.keys()];
  assert.ok(
    statuses.every((status) => ["http 429", "http 503", "grpc 14"].includes(status)),
    statuses.join(),
  );
  t.diagnostic(
    `${taken} spans taken until the log was full; ${[...sender.refusals]}; grown by ${Math.round(grownBytes / MIB)} MiB`,
  );
  assert.ok(grownBytes < GROWTH_BYTES, `grown by ${Math.round(grownBytes / MIB)} MiB`);
  await loop.stop();
  assert.ok((await waitingBytes(server)) > 50 * MIB);
  const shown = await runClew(["status", "--url", server.url]);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /Holds\s+unknown, because the store does not answer/);
  assert.match(shown.stdout, /durable log is at its limit/);
  held[Symbol.dispose]();
  await assertStoredOnce(server, load, sender.acknowledged, 120_000);
  const again = load.next("traces", 50);
  await until("a request to be taken again", async () => (await sender.send(again)) === "acknowledged");
  assert.equal((await server.stop()).code, 0);
});

const CREDENTIALS = { user: "clew", password: "secret-of-the-store" };
const SILENT = { info() {}, warn() {}, error() {} };

/** An engine of its own that is reached as a database server is. */
class Database {
  readonly dataDir = temporaryFolder();
  #supervisor: Supervisor | undefined;
  #port = 0;

  /** On the same port and data each time. */
  async start(): Promise<void> {
    const listen = { host: "127.0.0.1", port: this.#port };
    this.#supervisor = await Supervisor.start({
      dataDir: this.dataDir,
      log: SILENT,
      credentials: CREDENTIALS,
      listen,
    });
    const { address } = this.#supervisor;
    assert.ok("port" in address);
    this.#port = address.port;
  }

  async stop(): Promise<void> {
    await this.#supervisor?.close();
  }

  get url(): string {
    return `clickhouse://${CREDENTIALS.user}:${CREDENTIALS.password}@127.0.0.1:${this.#port}/default`;
  }

  get engine(): EngineSql {
    return new EngineSql({ port: this.#port, ...CREDENTIALS });
  }
}

async function database(t: TestContext): Promise<Database> {
  const made = new Database();
  t.after(() => made.stop());
  await made.start();
  return made;
}

test("a database server that is away, at the start and later, delays what is shown and loses nothing", async (t) => {
  const store = await database(t);
  const { url } = store;
  await store.stop();
  const server = ServerProcess.launch({ ports: await freePorts(), args: ["--store", url, ...LOG_LIMIT] });
  t.after(() => server[Symbol.asyncDispose]());
  const load = new NumberedLoad();
  using sender = new Sender(server.ports);
  await until("the receivers", async () => (await sender.send(load.next("traces", 10))) === "acknowledged");
  await using early = new LoadLoop(load, sender);
  await early.acknowledges(2000);
  await assertStoreAway(server);

  await store.start();
  await server.whenReady();
  await early.stop();
  const stored = { api: server.api, engine: store.engine };
  await assertStoredOnce(stored, load, sender.acknowledged);

  await using loop = new LoadLoop(load, sender);
  for (let round = 0; round < 2; round++) {
    await loop.acknowledges(1000);
    await store.stop();
    await loop.acknowledges(5000);
    await assertStoreAway(server);
    await store.start();
    await until("the API to answer again", async () => (await server.api.traces()).items.length > 0);
  }
  await loop.stop();
  await sender.retryOpen();
  assert.deepEqual([sender.open, [...sender.refusals]], [[], []], "receiving was interrupted");
  await assertStoredOnce(stored, load, sender.acknowledged);
  const said = server.notes + server.output;
  assert.ok(!said.includes(CREDENTIALS.password), "the store's password is in the log");
  assert.equal((await server.stop()).code, 0);
});

async function assertStoreAway(server: ServerProcess): Promise<void> {
  const shown = await runClew(["status", "--url", server.url]);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /Holds\s+unknown/);
  await until("queries to be answered with 503", async () => {
    try {
      await server.api.traces();
      return false;
    } catch (error) {
      assert.ok(error instanceof ApiError, String(error));
      assert.deepEqual([error.status, error.code], [503, "store_unavailable"]);
      return true;
    }
  });
  const http = new RawHttp(server.ports.api);
  const alive = await http.call("", { method: "GET", path: "/healthz" });
  assert.equal(alive.status, 200);
  http.close();
}
