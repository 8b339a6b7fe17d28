import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as bytes, for one address. */
export interface LoadTarget {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  /** Milliseconds from writing a request to the last byte of its answer. */
  readonly latencies: readonly number[];
  readonly failed: number;
  readonly seconds: number;
}

/** Sends so many requests a second, whatever the answers take. */
export async function paced(target: LoadTarget, perSecond: number, seconds: number): Promise<LoadResult> {
  const idle: Connection[] = [];
  const latencies: number[] = [];
  let failed = 0;
  const bytes = requestBytes(target, false);
  const startMs = performance.now();
  const under: Promise<void>[] = [];
  const total = perSecond * seconds;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
    for (; sent < due; sent += 1) {
      const connection = idle.pop() ?? new Connection(target.port);
      const asked = connection.ask(bytes).then(
        (ms) => {
          latencies.push(ms);
          idle.push(connection);
        },
        () => {
          failed += 1;
        },
      );
      under.push(asked);
    }
    await sleep(1);
  }
  await Promise.all(under);
  const passed = (performance.now() - startMs) / 1000;
  for (const connection of idle) connection.close();
  return { latencies, failed, seconds: passed };
}

/** As many requests as are answered, so many at once. */
export async function flatOut(target: LoadTarget, atOnce: number, seconds: number): Promise<LoadResult> {
  const bytes = requestBytes(target, false);
  const latencies: number[] = [];
  let failed = 0;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const connection = new Connection(target.port);
      while (performance.now() - startMs < seconds * 1000) {
        try {
          latencies.push(await connection.ask(bytes));
        } catch {
          failed += 1;
          break;
        }
      }
      connection.close();
    }),
  );
  return { latencies, failed, seconds: (performance.now() - startMs) / 1000 };
}

/** Milliseconds from when the model server wrote a piece of a stream to when it is here, for all pieces. */
export async function streamed(target: LoadTarget, atOnce: number): Promise<readonly number[]> {
  const bytes = requestBytes(target, true);
  const delays: number[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const connection = new Connection(target.port);
      await connection.ask(bytes, (text) => {
        const now = process.hrtime.bigint();
        for (const [, written] of text.matchAll(/"t(\d{6,}) "/g)) {
          delays.push(Number(now - BigInt(written ?? 0)) / 1e6);
        }
      });
      connection.close();
    }),
  );
  return delays;
}

function requestBytes({ port, path, headers }: LoadTarget, stream: boolean): Buffer {
  const messages = [
    { role: "system", content: "You are an agent that is measured. ".repeat(10) },
    { role: "user", content: "What does a request cost?" },
  ];
  const body = JSON.stringify({ model: "gpt-5-mini", messages, ...(stream && { stream: true }) });
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** One kept connection, one request at a time. It knows answers with a length, and chunked ones. */
class Connection {
  readonly #socket: Socket;
  #text = "";
  #end = 0;
  #startMs = 0;
  #onText: ((text: string) => void) | undefined;
  #settle: { resolve(ms: number): void; reject(error: Error): void } | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (bytes) => this.#take(bytes.toString("latin1")));
    this.#socket.on("error", (error) => this.#settle?.reject(error));
    this.#socket.on("close", () => this.#settle?.reject(new Error("closed")));
  }

  ask(bytes: Buffer, onText?: (text: string) => void): Promise<number> {
    this.#text = "";
    this.#end = 0;
    this.#onText = onText;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#startMs = performance.now();
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#onText?.(text);
    this.#text += text;
    if (this.#end === 0) {
      const head = this.#text.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, head))?.[1];
      this.#end = length === undefined ? -1 : head + 4 + Number(length);
    }
    const isWhole = this.#end < 0 ? this.#text.endsWith("0\r\n\r\n") : this.#text.length >= this.#end;
    if (!isWhole) return;
    const isFine = this.#text.startsWith("HTTP/1.1 200");
    const settle = this.#settle;
    this.#settle = undefined;
    if (isFine) settle?.resolve(performance.now() - this.#startMs);
    else settle?.reject(new Error(this.#text.slice(0, 200)));
  }
}
