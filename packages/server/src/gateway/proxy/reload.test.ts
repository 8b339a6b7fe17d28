import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { ask, configOf, startGateway, startUpstream } from "./testing/test-gateway.ts";

test("new requests get the new configuration, those under way keep theirs, and the port stays open", async () => {
  const arrived = Promise.withResolvers<http.ServerResponse>();
  const old = await startUpstream((_, response) => arrived.resolve(response));
  const next = await startUpstream((_, response) => void response.end("new"));
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url: old } } });
  const first = ask(`${gateway.url}/files/x`);
  const held = await arrived.promise;
  const config = configOf({ upstreams: { files: { kind: "service", url: next } } });
  const { retired } = await gateway.gateway.reload(config, gateway.parts);
  assert.equal((await ask(`${gateway.url}/files/x`)).body, "new");
  held.end("old");
  assert.equal((await first).body, "old");
  await retired;
});

test("a configuration that can't be used changes nothing", async () => {
  const url = await startUpstream((_, response) => void response.end("as before"));
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const taken = new URL(url).port;
  const config = configOf({ listeners: [{ port: "0" }, { port: taken }], upstreams: { other: { url } } });
  await assert.rejects(gateway.gateway.reload(config, gateway.parts), { code: "gateway_port_taken" });
  assert.equal((await ask(`${gateway.url}/files/x`)).body, "as before");
});

test("no request is lost while configurations change under load", async () => {
  const url = await startUpstream((_, response) => void response.end("ok"));
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const agent = new http.Agent({ keepAlive: true });
  const get = () =>
    new Promise<number>((resolve, reject) => {
      const request = http.get(`${gateway.url}/files/x`, { agent }, (response) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      });
      request.once("error", reject);
    });
  let isLoading = true;
  const load = async (): Promise<number> => {
    let count = 0;
    for (; isLoading; count += 1) assert.equal(await get(), 200);
    return count;
  };
  const clients = [load(), load(), load(), load()];
  for (let n = 0; n < 20; n += 1) {
    const config = configOf({ upstreams: { files: { kind: "service", url }, [`more-${n}`]: { url } } });
    await (await gateway.gateway.reload(config, gateway.parts)).retired;
  }
  isLoading = false;
  assert.ok((await Promise.all(clients)).every((count) => count > 0));
  agent.destroy();
});

test("a gateway that closes finishes what is under way", async () => {
  const arrived = Promise.withResolvers<http.ServerResponse>();
  const url = await startUpstream((_, response) => arrived.resolve(response));
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const first = ask(`${gateway.url}/files/x`);
  const held = await arrived.promise;
  const closed = gateway.gateway.close();
  held.end("whole");
  assert.deepEqual((await first).body, "whole");
  await closed;
  await assert.rejects(ask(`${gateway.url}/files/x`), { code: "ECONNREFUSED" });
});
