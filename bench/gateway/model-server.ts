import { createServer, type Socket } from "node:net";

/**
 * `node model-server.ts`: a provider of models that costs next to nothing, so that on two cores there is room for what is
 * measured. It answers every request that says `"stream":true` with events, each with the time at which it was written,
 * and every other one with the same body. Prints its port.
 */
const CHUNKS = 50;
const CHUNK_MS = 20;

const BODY = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_790_000_000,
  model: "gpt-5-mini-2026-10-01",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "An answer of a usual length. ".repeat(20), refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: {
    prompt_tokens: 120,
    completion_tokens: 140,
    total_tokens: 260,
    prompt_tokens_details: { cached_tokens: 20 },
    completion_tokens_details: { reasoning_tokens: 30 },
  },
});
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;
const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

function serve(socket: Socket): void {
  let waiting = "";
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.on("data", (bytes) => {
    waiting += bytes.toString("latin1");
    for (;;) {
      const head = waiting.indexOf("\r\n\r\n");
      if (head < 0) return;
      const end = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(waiting)?.[1] ?? 0);
      if (waiting.length < end) return;
      const isStream = waiting.slice(head, end).includes('"stream":true');
      waiting = waiting.slice(end);
      if (isStream) stream(socket);
      else socket.write(ANSWER);
    }
  });
}

function stream(socket: Socket): void {
  let left = CHUNKS;
  socket.write(STREAM_HEAD);
  const timer = setInterval(() => {
    if (left === 0 || socket.destroyed) {
      clearInterval(timer);
      socket.write(chunk("data: [DONE]\n\n") + chunk(""));
      return;
    }
    left -= 1;
    const content = `t${process.hrtime.bigint()} `;
    const event = { id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-5-mini-2026-10-01" };
    const choices = [{ index: 0, delta: { content }, finish_reason: left === 0 ? "stop" : null }];
    socket.write(chunk(`data: ${JSON.stringify({ ...event, choices })}\n\n`));
  }, CHUNK_MS);
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => console.log((server.address() as { port: number }).port));
