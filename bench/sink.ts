/**
 * Answers OTLP/gRPC and throws everything away: shows what the generator itself can do, and what a receiver
 * costs at the very least. Prints its port.
 */
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";

const WINDOW = 1 << 24;
const EMPTY_MESSAGE = Buffer.alloc(5);

const server = createServer({ settings: { initialWindowSize: 1 << 22 } });
server.on("session", (session) => session.setLocalWindowSize(WINDOW));
server.on("stream", (stream) => {
  stream.on("error", () => undefined);
  stream.on("data", () => undefined);
  stream.on("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(EMPTY_MESSAGE);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit(0));
