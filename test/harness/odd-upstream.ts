import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

export const CHAT_ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-5-mini-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
};

function event(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ ...CHAT_ANSWER, object: "chat.completion.chunk", usage: null, choices })}\n\n`;
}

export const MALFORMED_STREAM = `${event("hel")}data: {"choices":[{"delta":\n\nevent: \u0000\n:::\ndata:\n\n${event("lo")}data: [DONE]\n\n`;
export const HUGE_BYTES = 24 * 1024 * 1024;

type Behave = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown;

/** What an upstream does, by the first segment of the path. */
const BEHAVIOURS: Readonly<Record<string, Behave>> = {
  fine: (_, response) => json(response, 200, CHAT_ANSWER),
  "never-answers": () => undefined,
  stops: (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(event("hel"));
  },
  resets: async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(event("hel"));
    await sleep(50);
    response.destroy();
  },
  "hangs-up": (_, response) => response.destroy(),
  malformed: (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(MALFORMED_STREAM);
  },
  limits: (_, response) => {
    response.setHeader("retry-after", "7");
    json(response, 429, { error: { message: "Slow down", type: "rate_limit_error", code: "rate_limited" } });
  },
  echo: (request, response, body) => {
    response.writeHead(200, { "content-type": request.headers["content-type"] ?? "text/plain" }).end(body);
  },
  huge: async (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": HUGE_BYTES });
    const piece = Buffer.alloc(64 * 1024, 0x20);
    const pieces = Array.from({ length: HUGE_BYTES / piece.length }, () => piece);
    await pipeline(Readable.from(pieces), response);
  },
};

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** An upstream that does what its path names, and keeps which requests were cut off before their answer was whole. */
export class OddUpstream implements AsyncDisposable {
  readonly paths: string[] = [];
  cutOff = 0;
  readonly #server: Server = createServer(async (request, response) => {
    this.paths.push(request.url ?? "");
    response.on("close", () => {
      if (!response.writableFinished) this.cutOff += 1;
    });
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const [, name = ""] = (request.url ?? "").split("/");
    await BEHAVIOURS[name]?.(request, response, Buffer.concat(pieces));
  });

  static async start(): Promise<OddUpstream> {
    const upstream = new OddUpstream();
    upstream.#server.listen(0, "127.0.0.1");
    await once(upstream.#server, "listening");
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
