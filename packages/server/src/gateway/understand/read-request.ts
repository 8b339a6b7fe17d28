import type { CallInput, CallRequest, Capture } from "./call.ts";

/** What a request asks. Never throws: what cannot be read is said in the result. */
export function readRequest(input: CallInput, _capture: Capture): CallRequest {
  return { api: input.api, streams: false, unread: "absent", values: {} };
}
