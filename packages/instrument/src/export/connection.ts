import type { Socket } from "node:net";

/** What a collector said. */
export interface Answer {
  readonly status: number;
  /** Seconds or a date, as it was sent; empty when it was not. */
  readonly retryAfter: string;
}

const CONNECT_MS = 1500;
const ANSWER_MS = 10_000;
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * One kept-alive HTTP/1.1 connection, for one request at a time. It is written on sockets because `node:http`
 * costs a program that does not use it 12 ms at its start, and is what gets patched: by us, by others, by mocks.
 * Neither its socket nor its timers keep a process running.
 */
export class Connection {
  readonly #origin: URL;
  #socket: Socket | undefined;
  /** Requests that were answered on this socket. */
  #served = 0;

  constructor(origin: URL) {
    this.#origin = origin;
  }

  /** Rejects when there is no answer: refused, cut off, too late or no HTTP. */
  async post(path: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Answer> {
    const reused = this.#socket !== undefined && this.#served > 0;
    const head = this.#head(path, headers, body.length);
    try {
      return await this.#exchange(head, body);
    } catch (error) {
      // A server may close what was idle just when it is used again.
      if (!reused || error instanceof NoAnswerInTime) throw error;
      return await this.#exchange(head, body);
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  get #isTls(): boolean {
    return this.#origin.protocol === "https:";
  }

  #exchange(head: string, body: Uint8Array): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const socket = (this.#socket ??= this.#open());
    const reader = new AnswerReader();
    const connecting = socket.connecting;
    let timer = setTimeout(() => fail(new NoAnswerInTime()), connecting ? CONNECT_MS : ANSWER_MS).unref();
    const onConnect = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(new NoAnswerInTime()), ANSWER_MS).unref();
    };
    const onData = (bytes: Buffer): void => {
      const { state } = reader.read(bytes);
      if (state === "wrong") fail(new Error("This is not HTTP"));
      if (state === "wrong" || state === "more") return;
      stop();
      this.#served += 1;
      if (state === "close") this.close();
      resolve(reader.answer);
    };
    const onClose = (): void => fail(new Error("The connection was closed before the answer"));
    const fail = (error: Error): void => {
      stop();
      this.close();
      reject(error);
    };
    const stop = (): void => {
      clearTimeout(timer);
      socket.off("data", onData).off("error", fail).off("close", onClose);
      socket.off("connect", onConnect).off("secureConnect", onConnect);
    };
    socket.on("data", onData).on("error", fail).on("close", onClose);
    if (connecting) socket.once(this.#isTls ? "secureConnect" : "connect", onConnect);
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
    return promise;
  }

  #open(): Socket {
    const { hostname, port } = this.#origin;
    const host = hostname.replace(/^\[|\]$/g, "");
    // A program that sends nothing does not load it.
    const { connect, isIP } = process.getBuiltinModule("node:net");
    const socket = this.#isTls
      ? process.getBuiltinModule("node:tls").connect({
          host,
          port: Number(port || 443),
          servername: isIP(host) ? "" : host,
          ALPNProtocols: ["http/1.1"],
        })
      : connect({ host, port: Number(port || 80), noDelay: true });
    socket.unref();
    this.#served = 0;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }

  #head(path: string, headers: Readonly<Record<string, string>>, length: number): string {
    let head = `POST ${path} HTTP/1.1\r\nhost: ${this.#origin.host}\r\ncontent-length: ${length}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    return `${head}\r\n`;
  }
}

class NoAnswerInTime extends Error {}

/** Reads one answer. Its body is passed over when its length is told, else the connection has to be closed. */
class AnswerReader {
  answer: Answer = { status: 0, retryAfter: "" };
  #head = "";
  #bodyLeft = -1;

  read(bytes: Buffer): { readonly state: "more" | "done" | "close" | "wrong" } {
    if (this.#bodyLeft >= 0) return this.#body(bytes.length);
    this.#head += bytes.toString("latin1");
    for (;;) {
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return { state: this.#head.length > MAX_HEAD_BYTES ? "wrong" : "more" };
      const head = this.#head.slice(0, end + 2);
      const rest = this.#head.slice(end + 4);
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
      if (Number.isNaN(status)) return { state: "wrong" };
      if (status < 200) {
        this.#head = rest;
        continue;
      }
      this.answer = { status, retryAfter: headerOf(head, "retry-after") };
      const length = headerOf(head, "content-length");
      if (!/^\d+$/.test(length) || /close/i.test(headerOf(head, "connection"))) return { state: "close" };
      this.#bodyLeft = Number(length);
      return this.#body(rest.length);
    }
  }

  #body(size: number): { readonly state: "more" | "done" } {
    this.#bodyLeft -= size;
    return { state: this.#bodyLeft <= 0 ? "done" : "more" };
  }
}

function headerOf(head: string, name: string): string {
  return new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*)`, "i").exec(head)?.[1]?.trim() ?? "";
}
