import assert from "node:assert/strict";
import { test } from "node:test";
import { AllowedDestinations } from "./allowed-destinations.ts";

function judge(hosts: readonly string[], list: readonly string[] = []): string[] {
  const destinations = new AllowedDestinations(list);
  return hosts.filter((host) => destinations.allows(host));
}

test("loopback, private networks, single labels and internal names are allowed", () => {
  const inside = [
    "localhost",
    "LOCALHOST.",
    "api.localhost",
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.255.1",
    "100.64.0.1",
    "::1",
    "[::1]",
    "fd00::1",
    "::ffff:10.0.0.1",
    "redis",
    "my_service",
    "agent.team.svc",
    "Agent.Team.svc.cluster.LOCAL",
    "vm.internal",
    "printer.local.",
  ];
  assert.deepEqual(judge(inside), inside);
});

test("everything else is not, whatever it looks like", () => {
  const outside = [
    "",
    "example.com",
    "svc.example.com",
    "local.com",
    "mylocal.example",
    "x.notsvc",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "100.128.0.1",
    "169.254.169.254",
    "fe80::1%eth0",
    "2001:db8::1",
    "::ffff:8.8.8.8",
    "example.com@internal",
    "example.com/x.local",
    "a b.local",
  ];
  assert.deepEqual(judge(outside), []);
});

test("numbers that a resolver reads as an address count as that address", () => {
  assert.deepEqual(judge(["134744072", "0x8080808", "010.8.8.8", "8.8.2056"]), []);
  assert.deepEqual(judge(["2130706433", "0x7f000001", "127.1"]), ["2130706433", "0x7f000001", "127.1"]);
});

test("a list adds names, suffixes, addresses and networks", () => {
  const list = [
    "API.example.com",
    "*.example.org",
    "203.0.113.0/24",
    "198.51.100.7",
    "2001:db8::/32",
    "münchen.de",
  ];
  const allowed = [
    "api.example.com.",
    "example.org",
    "a.b.example.org",
    "203.0.113.200",
    "198.51.100.7",
    "2001:db8:1::1",
    "xn--mnchen-3ya.de",
  ];
  const not = [
    "example.com",
    "x.api.example.com",
    "badexample.org",
    "203.0.114.1",
    "198.51.100.8",
    "2001:db9::1",
  ];
  assert.deepEqual(judge([...allowed, ...not], list), allowed);
});

test("an element of the list that makes no sense allows nothing", () => {
  const list = ["203.0.113.0/33", "203.0.113.0/x", "/", "*.", "exa mple.com", "api.example.com:443"];
  assert.deepEqual(judge(["203.0.113.1", "example.com", "api.example.com", "", "a.."], list), []);
});

test("a star allows everything", () => {
  assert.deepEqual(judge(["8.8.8.8", "example.com"], ["*"]), ["8.8.8.8", "example.com"]);
});
