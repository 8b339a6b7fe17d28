import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { type Answer, failure, readSuccess, type Sender } from "./sender.ts";
import type { TemplateBody } from "./template.ts";

const WINDOW = 1 << 24;
const HEADERS = {
  ":method": "POST",
  ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  "content-type": "application/grpc",
  "user-agent": "clew-bench",
  te: "trailers",
};

/** OTLP/gRPC over plain HTTP/2, with as little as possible between the bytes and the socket. */
export class GrpcSender implements Sender {
  readonly #port: number;
  readonly #sessions: (ClientHttp2Session | undefined)[];
  #turn = 0;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#sessions = new Array(connections).fill(undefined);
  }

  send(body: TemplateBody, done: (answer: Answer) => void): void {
    const stream = this.#session().request(HEADERS, { endStream: false });
    const chunks: Buffer[] = [];
    let status: string | undefined;
    let message = "";
    const read = (headers: IncomingHttpHeaders): void => {
      if (headers["grpc-status"] === undefined) return;
      status = String(headers["grpc-status"]);
      message = decodeURIComponent(String(headers["grpc-message"] ?? ""));
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", (error: Error) => {
      message ||= error.message;
    });
    stream.on("close", () => {
      // An answer is a frame of five bytes and a message, which is empty when all was taken.
      if (status === "0") done(readSuccess(Buffer.concat(chunks).subarray(5)));
      else done(failure(`grpc-status ${status ?? "missing"} ${message}`.trim()));
    });
    stream.end(body.grpc);
  }

  close(): void {
    for (const session of this.#sessions) session?.close();
  }

  #session(): ClientHttp2Session {
    const turn = this.#turn++ % this.#sessions.length;
    const known = this.#sessions[turn];
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const session = connect(`http://127.0.0.1:${this.#port}`, { settings: { initialWindowSize: WINDOW } });
    session.on("connect", () => session.setLocalWindowSize(WINDOW));
    // Every stream of the session reports the failure by itself.
    session.on("error", () => undefined);
    this.#sessions[turn] = session;
    return session;
  }
}
