/** What to do about an error, by its code, where the message does not say so already. */
const HINTS: Readonly<Record<string, string>> = {
  unauthorized: "Send the header Authorization: Bearer TOKEN, with the token the server was started with.",
  host_not_allowed: "Use localhost or an IP address, or start the server with a token.",
  origin_not_allowed: "Add the origin to cors.origins in the server's configuration.",
  not_found: "The API is described in docs/guide/api.md.",
  trace_not_found: "It may be on its way for a moment longer, or was removed after the retention time.",
  trace_ambiguous: "Give more digits of the id.",
  store_unavailable: "Try again in a moment; what is received meanwhile is kept.",
  query_timeout: "Narrow the time range, or filter by service, session or another id.",
  query_too_large: "Narrow the time range, or filter by service, session or another id.",
  request_timeout: "Narrow the time range, or filter by service, session or another id.",
  internal_error: "This is a fault in the server; its log has the details under the request id.",
};

export function hintFor(code: string): string | undefined {
  return HINTS[code];
}
