import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStream } from "./event-stream.ts";

function read(...pieces: (string | Uint8Array)[]): {
  events: [data: string, type: string][];
  tooLong: number;
} {
  const events: [string, string][] = [];
  const stream = new EventStream((data, type) => events.push([data, type]));
  for (const piece of pieces) stream.push(Buffer.from(piece as string));
  stream.end();
  return { events, tooLong: stream.tooLong };
}

function events(...pieces: (string | Uint8Array)[]) {
  return read(...pieces).events;
}

test("an event is its data lines, joined, and its type", () => {
  assert.deepEqual(events("event: add\ndata: one\ndata:two\ndata:  three\nid: 5\nretry: 10\n\n"), [
    ["one\ntwo\n three", "add"],
  ]);
});

test("comments, unknown fields and events without data are passed over", () => {
  assert.deepEqual(events(": hello\n\nfoo: bar\ndatas: x\n\nevent: ping\n\ndata\n\ndata:\n\ndata: x\n\n"), [
    ["x", ""],
  ]);
});

test("the type of one event is not that of the next", () => {
  assert.deepEqual(events("event: a\n\ndata: 1\n\n"), [["1", ""]]);
});

test("line ends may be mixed, and split between two pieces", () => {
  assert.deepEqual(events("data: a\r", "\ndata: b\r\n\r", "\ndata: c\r\rdata: d\n", "\n"), [
    ["a\nb", ""],
    ["c", ""],
    ["d", ""],
  ]);
});

test("a carriage return at the end of a piece ends its line alone too", () => {
  assert.deepEqual(events("data: a\r", "\r", "data: b\r", "\n", "\n"), [
    ["a", ""],
    ["b", ""],
  ]);
});

test("characters of several bytes may be split", () => {
  const bytes = Buffer.from("data: 🧶 Zürich\n\n");
  for (let at = 1; at < bytes.length; at++) {
    assert.deepEqual(events(bytes.subarray(0, at), bytes.subarray(at)), [["🧶 Zürich", ""]]);
  }
});

test("a byte order mark is no part of the first field", () => {
  assert.deepEqual(events("\uFEFFdata: x\n\n"), [["x", ""]]);
  assert.deepEqual(events("data: \uFEFFx\n\n"), [["\uFEFFx", ""]]);
});

test("an event that is too long is counted once, and the next ones are read", () => {
  const megabyte = "x".repeat(1024 * 1024);
  const inOneLine = read(
    "data: ",
    ...Array.from({ length: 6 }, () => megabyte),
    "\ndata: more\n\ndata: next\n\n",
  );
  assert.deepEqual(inOneLine, { events: [["next", ""]], tooLong: 1 });
  const inManyLines = read(...Array.from({ length: 6 }, () => `data: ${megabyte}\n`), "\n", "data: next\n\n");
  assert.deepEqual(inManyLines, { events: [["next", ""]], tooLong: 1 });
  const withoutEnd = read("data: ", ...Array.from({ length: 6 }, () => megabyte));
  assert.deepEqual(withoutEnd, { events: [], tooLong: 1 });
});

test("a line that is too long and ends in CRLF leaves nothing of its end", () => {
  const long = "x".repeat(5 * 1024 * 1024);
  assert.deepEqual(events(`data: ${long}`, "\r\n\r\ndata: a\r\n\r\n"), [["a", ""]]);
  assert.deepEqual(events(`data: ${long}`, "\r", "\n\r\ndata: b\r\n\r\n"), [["b", ""]]);
});
