import assert from "node:assert/strict";
import { test } from "node:test";
import { readServerSentEvents, type ServerSentEvent } from "./sse.ts";

async function read(...pieces: string[]): Promise<ServerSentEvent[]> {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(ReadableStream.from(bytes))) events.push(event);
  return events;
}

test("a message has an event, data and the last id", async () => {
  assert.deepEqual(await read('id: 7\nevent: traces\ndata: {"a":1}\n\ndata: x\n\n'), [
    { event: "traces", data: '{"a":1}', id: "7" },
    { event: "message", data: "x", id: "7" },
  ]);
});

test("lines may end in any of three ways, and anywhere in a piece", async () => {
  const text = "event: a\r\ndata: 1\r\n\r\nevent: b\rdata: 2\rdata:3\r\r: comment\nretry: 5\ndata\n\n";
  const expected = [
    { event: "a", data: "1", id: "" },
    { event: "b", data: "2\n3", id: "" },
    { event: "message", data: "", id: "" },
  ];
  assert.deepEqual(await read(text), expected);
  assert.deepEqual(await read(...text), expected);
});

test("a character that is split between pieces stays one", async () => {
  const bytes = new TextEncoder().encode("data: 😀\n\n");
  const stream = ReadableStream.from([bytes.subarray(0, 8), bytes.subarray(8)]);
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(stream)) events.push(event);
  assert.equal(events[0]?.data, "😀");
});

test("a message that is not finished is not told", async () => {
  assert.deepEqual(await read("data: 1\n\ndata: 2\n"), [{ event: "message", data: "1", id: "" }]);
});

test("leaving cancels the stream", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const event of readServerSentEvents(endless)) {
    assert.equal(event.data, "1");
    break;
  }
  assert.equal(cancelled, true);
});
