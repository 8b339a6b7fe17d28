import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ask, startGateway, startUpstream } from "./testing/test-gateway.ts";

const OPENSSL = "openssl";
const TOKEN = "gateway-token-1";
const folder = mkdtempSync(join(tmpdir(), "clew-gateway-"));
after(() => rmSync(folder, { recursive: true }));

async function upstream() {
  const seen: http.IncomingHttpHeaders[] = [];
  const url = await startUpstream((request, response) => {
    seen.push(request.headers);
    response.end("in");
  });
  return { url, seen };
}

test("with a token nobody comes in without it; it may be where clients have their key, and stays here", async () => {
  const { url, seen } = await upstream();
  const gateway = await startGateway({
    listeners: [{ port: "0", token: TOKEN }],
    upstreams: { files: { kind: "service", url } },
  });
  const status = async (headers: http.OutgoingHttpHeaders) =>
    (await ask(`${gateway.url}/files/x`, { headers })).status;
  assert.equal(await status({}), 401);
  assert.equal(await status({ authorization: "Bearer other-token-2" }), 401);
  assert.equal(await status({ authorization: `Bearer ${TOKEN}` }), 200);
  assert.equal(await status({ "x-api-key": TOKEN }), 200);
  assert.equal(await status({ "x-clew-token": TOKEN, authorization: "Bearer own-key" }), 200);
  assert.deepEqual(
    seen.map((headers) => [headers.authorization, headers["x-api-key"], headers["x-clew-token"]]),
    [
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      ["Bearer own-key", undefined, undefined],
    ],
  );
  await gateway.over(3);
  assert.doesNotMatch(JSON.stringify([gateway.spans, gateway.facts]), /token-1|own-key/);
  assert.equal((await ask(`${gateway.url}/metrics`)).status, 401);
  assert.equal((await ask(`${gateway.url}/healthz`)).status, 200);
});

test("pages of strangers can't spend the gateway's credentials", async () => {
  const { url, seen } = await upstream();
  const gateway = await startGateway({
    listeners: [{ port: "0", origins: ["https://app.example"] }],
    upstreams: { files: { kind: "service", url } },
  });
  const status = async (headers: http.OutgoingHttpHeaders) =>
    (await ask(`${gateway.url}/files/x`, { headers })).status;
  assert.equal(await status({ origin: "https://evil.example" }), 403);
  assert.equal(await status({ origin: "null" }), 403);
  assert.equal(await status({ host: "rebound.example:4320" }), 403);
  assert.equal(seen.length, 0);
  assert.equal(await status({ origin: "https://app.example" }), 200);
  assert.equal(await status({ origin: "http://localhost:3000" }), 200);
  assert.equal(await status({ host: "gateway" }), 200);
});

test("what is below a route can't lead out of it", async () => {
  const { url, seen } = await upstream();
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url: `${url}/public` } } });
  for (const path of ["/files/../x", "/files/%2e%2E/x", "/files/a/..", "/files/..%2fx", "/files/.\\..\\x"]) {
    const { status } = await ask(gateway.url, { path });
    assert.equal(status, 400, path);
  }
  assert.equal(seen.length, 0);
  assert.equal((await ask(gateway.url, { path: "/files/a..b/.hidden" })).status, 200);
});

test("a listener with a certificate speaks TLS", async () => {
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  execFileSync(
    OPENSSL,
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", "/CN=localhost", "-keyout", key, "-out", cert],
    ],
    { stdio: "ignore" },
  );
  const { url } = await upstream();
  const gateway = await startGateway({
    listeners: [{ port: "0", tls: { cert, key } }],
    upstreams: { files: { kind: "service", url } },
  });
  assert.match(gateway.url, /^https:/);
  const request = https.get(`${gateway.url}/files/x`, { agent: false, rejectUnauthorized: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  assert.equal(response.statusCode, 200);
  response.resume();
  await once(response, "end");
});
