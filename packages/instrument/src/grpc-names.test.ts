import assert from "node:assert/strict";
import { test } from "node:test";
import { grpcHost, grpcStatusName } from "./grpc-names.ts";

test("a channel's target tells host and port", () => {
  const targets = {
    "localhost:50051": ["localhost", 50051],
    "dns:orders.svc:50051": ["orders.svc", 50051],
    "dns:///orders.example:443": ["orders.example", 443],
    "dns://8.8.8.8/orders.example": ["orders.example", undefined],
    "ipv4:10.0.0.7:443,10.0.0.8:443": ["10.0.0.7", 443],
    "[::1]:50051": ["::1", 50051],
    "ipv6:[2001:db8::1]:443": ["2001:db8::1", 443],
    "orders.example": ["orders.example", undefined],
    "unix:///tmp/orders.sock": [undefined, undefined],
    "unix-abstract:orders": [undefined, undefined],
  };
  for (const [target, [address, port]] of Object.entries(targets)) {
    const host = grpcHost(target);
    assert.deepEqual([host["server.address"], host["server.port"]], [address, port], target);
  }
});

test("statuses have names, and unknown ones their number", () => {
  assert.deepEqual([0, 5, 16, 99].map(grpcStatusName), ["OK", "NOT_FOUND", "UNAUTHENTICATED", "99"]);
});
