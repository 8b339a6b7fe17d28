import { once } from "node:events";
import { createServer, request } from "node:http";
import {
  connect,
  createServer as createHttp2Server,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Ports } from "./server-process.ts";

/** A request as it went by, without compression and without gRPC's frame. */
export interface Recorded {
  readonly contentType: string;
  readonly body: Buffer;
  readonly status: number;
}

/** Stands between an exporter and a server on both OTLP ports and writes down what is sent. */
export interface RecordingProxy extends AsyncDisposable {
  readonly grpcUrl: string;
  readonly httpUrl: string;
  readonly recorded: Recorded[];
}

export async function recordingProxy(ports: Ports): Promise<RecordingProxy> {
  const recorded: Recorded[] = [];
  const http = createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const raw = Buffer.concat(pieces);
    const { method, url, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port: ports.http, method, path: url, headers }, (answer) => {
      const contentType = headers["content-type"] ?? "";
      const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      recorded.push({ contentType, body, status: answer.statusCode ?? 0 });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    onward.end(raw);
  });
  const onward = connect(`http://127.0.0.1:${ports.grpc}`);
  onward.on("error", () => undefined);
  const grpc = createHttp2Server();
  const sessions = new Set<ServerHttp2Session>();
  grpc.on("session", (session) => sessions.add(session));
  grpc.on("stream", async (stream, headers) => {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    const raw = Buffer.concat(pieces);
    const call = onward.request({ ...headers, ":authority": undefined } as OutgoingHttpHeaders);
    const answered: Buffer[] = [];
    let head: OutgoingHttpHeaders = {};
    let tail: OutgoingHttpHeaders = {};
    call.on("response", (response) => {
      head = response;
    });
    call.on("trailers", (trailers) => {
      tail = trailers;
    });
    call.on("data", (piece: Buffer) => answered.push(piece));
    call.on("end", () => {
      const message = raw.subarray(5);
      const body = raw[0] === 1 ? gunzipSync(message) : message;
      const status = Number(tail["grpc-status"] ?? head["grpc-status"]);
      recorded.push({ contentType: headers["content-type"] ?? "", body, status });
      stream.respond(head, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers(tail));
      stream.end(Buffer.concat(answered));
    });
    call.end(raw);
  });
  http.listen(0, "127.0.0.1");
  grpc.listen(0, "127.0.0.1");
  await Promise.all([once(http, "listening"), once(grpc, "listening")]);
  const url = (server: typeof http | typeof grpc) =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    grpcUrl: url(grpc),
    httpUrl: url(http),
    recorded,
    async [Symbol.asyncDispose]() {
      onward.destroy();
      for (const session of sessions) session.destroy();
      http.closeAllConnections();
      http.close();
      grpc.close();
    },
  };
}
