import type { KeyValue } from "@clew/protocol/otlp/model";
import type { CallRequest, CallResponse, CostOf } from "./call.ts";

/**
 * Attributes of a call by OpenTelemetry's newest names. `host` is the upstream's, without its port: it tells providers
 * apart that speak the same API. Ids that the call itself carries (`session.id`, `task.id`) are among them.
 */
export function callAttributes(
  _request: CallRequest,
  _response: CallResponse | undefined,
  _cost: CostOf,
  _host = "",
): KeyValue[] {
  return [];
}
