import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LoadLoop } from "./harness/load-loop.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { framed } from "./harness/otlp-grpc.ts";
import { isRunning, processesNaming, signal } from "./harness/process-tree.ts";
import { QueryLoop } from "./harness/query-loop.ts";
import { Sender } from "./harness/sender.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

/** Asserts that nothing of an ended server is left but its data. */
function assertNothingLeft(dataDir: string): void {
  assert.deepEqual(processesNaming(dataDir), []);
  assert.deepEqual(readdirSync(join(dataDir, "spool")), []);
  assert.deepEqual(readdirSync(join(dataDir, "run")), []);
  assert.ok(!readdirSync(dataDir).includes("server.json"));
}

for (const name of ["SIGTERM", "SIGINT"] as const) {
  test(`${name} during a load ends with all that was acknowledged in the store, code 0 and nothing left`, async (t) => {
    const dataDir = temporaryFolder();
    const load = new NumberedLoad();
    const first = await ServerProcess.start({ dataDir });
    using sender = new Sender(first.ports);
    await using loop = new LoadLoop(load, sender);
    await using queries = new QueryLoop(first);
    await loop.acknowledges(5000);
    const askedAt = performance.now();
    signal(first.pid, name);
    const ended = await first.ended;
    t.diagnostic(`ended ${Math.round(performance.now() - askedAt)} ms after ${name}`);
    assert.deepEqual(ended, { code: 0, signal: null }, first.notes);
    await Promise.all([loop.stop(), queries.stop()]);
    assertNothingLeft(dataDir);
    assert.deepEqual(linesAbove(first, "info"), []);

    // What the next process finds must be there before it stores anything itself.
    await using second = await ServerProcess.start({ dataDir });
    const spans = await second.engine.number("SELECT count() FROM spans");
    assert.ok(spans >= sender.count("traces"), `${spans} of ${sender.count("traces")} spans were stored`);
    await assertStoredOnce(second, load, sender.acknowledged);
  });
}

function linesAbove(server: ServerProcess, level: "info" | "warn"): string[] {
  const worse = level === "info" ? /"level":"(warn|error|fatal)"/ : /"level":"(error|fatal)"/;
  return server.notes.split("\n").filter((line) => worse.test(line));
}

test("clients that never finish do not hold up the end", async (t) => {
  await using server = await ServerProcess.start();
  const { ports, dataDir } = server;
  const sockets: Socket[] = [];
  const open = async (port: number, bytes: string | Buffer): Promise<void> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    if (bytes.length > 0) socket.write(bytes);
    sockets.push(socket);
  };
  const post = "POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-protobuf\r\n";
  for (const port of Object.values(ports)) {
    await open(port, "");
    await open(port, "POST /v1/tra");
    await open(port, `${post}content-length: 1000\r\n\r\n0123`);
    await open(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await open(
      port,
      Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), framed(Buffer.alloc(3))]),
    );
  }
  // A reader of events that never reads, and one that does.
  await open(
    ports.api,
    "GET /api/v1/ingest/events HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n",
  );
  const stream = server.api.ingestEvents()[Symbol.asyncIterator]();
  const reading = stream.next().catch(() => undefined);
  await until("the server to answer", async () => (await server.api.status()).uptimeMs > 0);
  const askedAt = performance.now();
  signal(server.pid, "SIGTERM");
  const ended = await server.ended;
  const tookMs = performance.now() - askedAt;
  t.diagnostic(`ended after ${Math.round(tookMs)} ms`);
  assert.deepEqual(ended, { code: 0, signal: null });
  assert.ok(tookMs < 15_000, `it took ${tookMs} ms to end`);
  assertNothingLeft(dataDir);
  await reading;
  for (const socket of sockets) socket.destroy();
});

/** A server with its engine stopped in the middle of a load. */
async function stuckUnderLoad(t: TestContext) {
  const dataDir = temporaryFolder();
  const load = new NumberedLoad();
  const first = await ServerProcess.start({ dataDir });
  const sender = new Sender(first.ports);
  t.after(() => sender[Symbol.dispose]());
  const loop = new LoadLoop(load, sender);
  t.after(() => loop.stop());
  await loop.acknowledges(2000);
  const { enginePid } = first;
  signal(enginePid, "SIGSTOP");
  return { dataDir, load, first, sender, loop, enginePid };
}

test("a server told to end while its engine stands still ends all the same and loses nothing", async (t) => {
  const { dataDir, load, first, sender, loop, enginePid } = await stuckUnderLoad(t);
  await loop.acknowledges(5000);
  const askedAt = performance.now();
  const ended = await first.stop();
  t.diagnostic(`ended after ${Math.round(performance.now() - askedAt)} ms`);
  assert.deepEqual(ended, { code: 0, signal: null });
  await loop.stop();
  await until("the engine to be gone", () => !isRunning(enginePid));
  await using second = await ServerProcess.start({ dataDir });
  await assertStoredOnce(second, load, sender.acknowledged);
  assert.ok(sender.count("traces") > 7000);
});

test("a server told to end twice ends at once, and what was acknowledged is stored by the next", async (t) => {
  const { dataDir, load, first, sender, loop, enginePid } = await stuckUnderLoad(t);
  await loop.acknowledges(1000);
  signal(first.pid, "SIGINT");
  // Two of them within half a second are one, because a terminal and npm both send it.
  const again = setInterval(() => signal(first.pid, "SIGINT"), 600);
  const ended = await first.ended;
  clearInterval(again);
  assert.deepEqual(ended, { code: 130, signal: null });
  await loop.stop();
  signal(enginePid, "SIGCONT");
  await until("the engine to be gone", () => !isRunning(enginePid));
  await using second = await ServerProcess.start({ dataDir });
  await assertStoredOnce(second, load, sender.acknowledged);
});

test("a server told to end while it starts ends with code 0 and leaves nothing", async () => {
  for (const afterMs of [0, 150, 300, 450, 700]) {
    const server = ServerProcess.launch();
    const begunAt = performance.now();
    await until("the moment", () => performance.now() - begunAt >= afterMs, { pollMs: 5 });
    signal(server.pid, "SIGTERM");
    const ended = await server.ended;
    // Before there is anybody to hear the signal, the system ends the process.
    const isFine = ended.code === 0 || ended.signal === "SIGTERM";
    assert.ok(isFine, `${afterMs} ms after the start: ${JSON.stringify(ended)} ${server.notes}`);
    await until("its processes to be gone", () => processesNaming(server.dataDir).length === 0, {
      timeoutMs: 15_000,
    });
    await server[Symbol.asyncDispose]();
  }
});
