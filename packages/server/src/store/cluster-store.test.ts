import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openCluster } from "./clickhouse-store.ts";
import { StoreRefused, StoreUnavailable } from "./store-errors.ts";
import { Supervisor } from "./supervisor.ts";
import { storeContract } from "./testing/store-contract.ts";

const log = { info() {}, warn() {}, error() {} };
const credentials = { user: "clew", password: "p@ss:w/ö rd" };

/** An engine that is reached as a ClickHouse server is: over TCP, with a user and a password. */
async function server() {
  const dataDir = mkdtempSync(join(tmpdir(), "clew-server-"));
  const supervisor = await Supervisor.start({
    dataDir,
    log,
    credentials,
    listen: { host: "127.0.0.1", port: 0 },
  });
  const { address } = supervisor;
  assert.ok("port" in address && address.port > 0);
  const userinfo = (password: string) => `${credentials.user}:${encodeURIComponent(password)}`;
  const url = (password: string) => `clickhouse://${userinfo(password)}@127.0.0.1:${address.port}/default`;
  return {
    supervisor,
    url,
    async end() {
      await supervisor.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

storeContract("a ClickHouse server", async () => {
  const { supervisor, url, end } = await server();
  return {
    open: () => openCluster({ url: url(credentials.password), log }),
    kill: () => process.kill(supervisor.pid!, "SIGKILL"),
    end,
  };
});

test("a wrong password is refused", async (t) => {
  const { url, end } = await server();
  t.after(end);
  const store = await openCluster({ url: url("hunter2"), log });
  t.after(() => store.close());
  await assert.rejects(store.query("SELECT 1"), (error: StoreRefused) => {
    assert.ok(error instanceof StoreRefused);
    assert.equal(error.clickhouseCode, 516);
    return !error.message.includes("hunter2");
  });
});

test("a server that is not there is unavailable, and its location names no password", async () => {
  const store = await openCluster({ url: "clickhouse://u:hidden@127.0.0.1:1/db", log });
  assert.equal(store.location, "clickhouse://127.0.0.1:1/db");
  await assert.rejects(store.query("SELECT 1"), (error: StoreUnavailable) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.equal(error.status, 503);
    return !error.message.includes("hidden");
  });
  assert.equal(store.state, "restarting");
  await store.close();
});
