import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findServer, localName } from "./server-address.ts";

const empty = mkdtempSync(join(tmpdir(), "clew-address-"));
const configured = mkdtempSync(join(tmpdir(), "clew-address-"));
writeFileSync(join(configured, "clew.yaml"), "host: 0.0.0.0\napiPort: 5000\ntoken: 0123456789\n");
after(() => {
  for (const folder of [empty, configured]) rmSync(folder, { recursive: true });
});

const find = (cwd: string, flags: object = {}, env: object = {}) =>
  findServer({ flags: { ...flags }, env: { HOME: empty, ...env }, cwd });

test("without any word of it the server is on loopback at port 4319", () => {
  assert.deepEqual(find(empty), { url: "http://127.0.0.1:4319", token: undefined });
});

test("the flag comes before the environment, and that before the configuration", () => {
  const env = { CLEW_URL: "http://two:1/" };
  assert.equal(find(configured, { url: "http://one:1" }, env).url, "http://one:1");
  assert.equal(find(configured, {}, env).url, "http://two:1");
  assert.deepEqual(find(configured), { url: "http://127.0.0.1:5000", token: "0123456789" });
});

test("the token of a configuration file is not presented elsewhere, the environment's is", () => {
  assert.equal(find(configured, { url: "http://one:1" }).token, undefined);
  assert.equal(find(configured, { url: "http://one:1" }, { CLEW_TOKEN: "abcdefgh" }).token, "abcdefgh");
});

test("an address that is none is refused with an example", () => {
  assert.throws(
    () => find(empty, { url: "localhost:4319" }),
    /--url: localhost:4319 is not an address such as/,
  );
  assert.throws(() => find(empty, {}, { CLEW_URL: "ftp://x" }), /CLEW_URL: ftp:\/\/x/);
});

test("what listens everywhere is reached on loopback", () => {
  assert.deepEqual(["0.0.0.0", "::", "::1", "clew.internal"].map(localName), [
    "127.0.0.1",
    "[::1]",
    "[::1]",
    "clew.internal",
  ]);
});
