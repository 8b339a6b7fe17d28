import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import { LoadLoop } from "./harness/load-loop.ts";
import { NumberedLoad } from "./harness/numbered-load.ts";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { Sender } from "./harness/sender.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertStoredOnce } from "./harness/stored-once.ts";
import { until } from "./harness/until.ts";

const MIB = 1024 * 1024;

/** Writes until there is no room left but for `leaveBytes`. */
function fill(file: string, folder: string, leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const fd = openSync(file, "w");
  const piece = Buffer.alloc(256 * 1024);
  for (let left = bavail * bsize - leaveBytes; left > 0; left -= piece.length) {
    writeSync(fd, piece, 0, Math.min(left, piece.length));
  }
  fsyncSync(fd);
  closeSync(fd);
}

const skip = process.getuid?.() === 0 ? false : "mounting needs root";

/** A disk of 256 MiB of its own, with a file to fill it and a data folder. */
function smallDisk(t: TestContext) {
  const disk = temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", disk]);
  t.after(() => execFileSync("umount", ["-l", disk]));
  return { disk, filler: join(disk, "filler"), dataDir: join(disk, "data") };
}

test("a full disk refuses what is new, goes on reading, and works again when there is room", {
  skip,
}, async (t) => {
  const { disk, filler, dataDir } = smallDisk(t);
  await using server = await ServerProcess.start({ dataDir });
  const load = new NumberedLoad();
  using sender = new Sender(server.ports);
  const http = new RawHttp(server.ports.http);
  const grpc = new RawGrpc(server.ports.grpc);
  for (let n = 0; n < 20; n++) assert.equal(await sender.send(load.next("traces", 100)), "acknowledged");
  await assertStoredOnce(server, load, sender.acknowledged);

  fill(filler, disk, 2 * MIB);
  const loop = new LoadLoop(load, sender, { senders: 2 });
  await until("a refusal", () => sender.refusals.size > 0);
  await until("refusals over both protocols", () =>
    ["http 503", "grpc 14"].every((each) => sender.refusals.has(each)),
  );
  await loop.stop();
  assert.deepEqual([...sender.refusals.keys()].sort(), ["grpc 14", "http 503"]);

  const { bytes } = load.next("traces", 100);
  const large = Buffer.concat(Array(20).fill(bytes));
  const overHttp = await http.send("traces", large);
  assert.equal(overHttp.status, 503);
  assert.ok(Number(overHttp.headers["retry-after"]) > 0);
  const { message } = decodeMessage(RPC_STATUS, overHttp.body) as { message: string };
  assert.match(message, /[Nn]o room left/);
  const overGrpc = await grpc.send("traces", large);
  assert.equal(overGrpc.status, 14);
  assert.match(overGrpc.message, /[Nn]o room left/);
  assert.match(`${overGrpc.details}`, /RetryInfo/);

  const { items } = await server.api.traces({ service: load.service, limit: 10 });
  assert.equal(items.length, 10);
  assert.equal((await server.api.trace(load.traceId(0))).n, 20);
  const status = await server.api.status();
  assert.equal(status.store.state, "ready");
  const told = status.ingest.refusals.find(({ reason }) => reason === "disk_full");
  assert.ok(told !== undefined && told.count > 0);

  rmSync(filler);
  await until(
    "a request to be taken again",
    async () => (await sender.send(load.next("traces", 10))) === "acknowledged",
  );
  await sender.retryOpen();
  assert.deepEqual(sender.open, []);
  await assertStoredOnce(server, load, sender.acknowledged);
  http.close();
  grpc.close();
  assert.equal((await server.stop()).code, 0);
});

test("a server killed with its disk full has everything acknowledged when there is room again", {
  skip,
}, async (t) => {
  const { disk, filler, dataDir } = smallDisk(t);
  const load = new NumberedLoad();
  const first = await ServerProcess.start({ dataDir });
  using sender = new Sender(first.ports);
  for (let n = 0; n < 20; n++) await sender.send(load.next("traces", 100));
  fill(filler, disk, 4 * MIB);
  await using loop = new LoadLoop(load, sender);
  await until("a refusal", () => sender.refusals.size > 0);
  await first.killAll();
  await loop.stop();
  rmSync(filler);
  await using second = await ServerProcess.start({ dataDir });
  sender.moveTo(second.ports);
  await assertStoredOnce(second, load, sender.acknowledged);
  await sender.retryOpen();
  assert.deepEqual(sender.open, []);
  await assertStoredOnce(second, load, sender.acknowledged);
});
