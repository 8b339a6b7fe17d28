import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import type { Opening } from "./sniff.ts";
import { openingOf, sniff } from "./sniff.ts";

test("a connection is told by its first bytes, as soon as these suffice", () => {
  for (const [text, opening] of [
    ["", undefined],
    ["P", undefined],
    ["PR", undefined],
    ["PRI", undefined],
    ["PRI ", "http2"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http2"],
    ["PO", "http1"],
    ["POST / HTTP/1.1", "http1"],
    ["PROPFIND /", "http1"],
    ["G", "http1"],
    ["\u0016", undefined],
    ["\u0016\u0003", "tls"],
    ["\u0016\u0003\u0001\u0002", "tls"],
    ["\u0016\u0004", "garbage"],
    ["\u0000\u0000", "garbage"],
    ["get / HTTP/1.1", "garbage"],
    ["\u00ff", "garbage"],
  ] as const) {
    assert.equal(openingOf(Buffer.from(text, "latin1")), opening, JSON.stringify(text));
  }
});

test("what was looked at can be read again, however it arrived", async (t) => {
  const openings: Opening[] = [];
  const server = createServer((socket) => {
    sniff(socket, (opening) => {
      openings.push(opening);
      socket.on("data", (bytes) => socket.write(bytes)).on("end", () => socket.end());
      socket.resume();
    });
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const text = "PRI * HTTP/2.0 and then some";
  for (let at = 1; at < 8; at++) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const echoed = new Promise((resolve) => {
      let all = "";
      socket.on("data", (bytes) => (all += String(bytes))).on("close", () => resolve(all));
    });
    await new Promise((resolve) => socket.write(text.slice(0, at), resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.end(text.slice(at));
    assert.equal(await echoed, text);
  }
  assert.deepEqual(openings, Array(7).fill("http2"));
});

test("a client that says too little for too long is disconnected", async (t) => {
  let decided = false;
  const server = createServer((socket) => sniff(socket, () => (decided = true), 30));
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.on("error", () => undefined);
  socket.write("PR");
  await closed;
  assert.equal(decided, false);
});
