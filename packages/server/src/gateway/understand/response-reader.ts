import type { IncomingHttpHeaders } from "node:http";
import type { CallRequest, Capture, ResponseReader } from "./call.ts";

/** A reader for the answer to `request`. `startNs` is when the request was sent, on the clock of `atNs`. */
export function responseReader(
  _request: CallRequest,
  status: number,
  _headers: IncomingHttpHeaders,
  startNs: bigint,
  _capture: Capture,
): ResponseReader {
  return {
    chunk() {},
    end: (atNs) => ({ status, durationNs: atNs - startNs, isWhole: true, malformedEvents: 0, values: {} }),
  };
}
