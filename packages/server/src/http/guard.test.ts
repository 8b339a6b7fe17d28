import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowedHost } from "./guard.ts";

test("addresses, local names and configured names are this server's", () => {
  const hosts = [
    "localhost",
    "localhost:4319",
    "LOCALHOST.:4319",
    "127.0.0.1:4319",
    "[::1]:4319",
    "192.168.1.7",
    "clew",
    "clew:4319",
    "agents.localhost:4319",
    "macbook.local",
    "clew.default.svc.internal",
    "clew.example.com:443",
  ];
  for (const host of hosts) assert.equal(isAllowedHost(host, ["Clew.example.com"]), true, host);
});

test("a name of a foreign site is not, whatever it resolves to", () => {
  const hosts = [
    "",
    "evil.example",
    "evil.example:4319",
    "localhost.evil.example",
    "127.0.0.1.evil.example:80",
    "x.clew.example.com",
  ];
  for (const host of hosts) assert.equal(isAllowedHost(host, ["clew.example.com"]), false, host);
});
