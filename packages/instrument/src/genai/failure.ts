const MAX_MESSAGE = 2000;

/** Whether an error says that the caller gave up: an aborted signal or a closed stream, not a time-out. */
export function isCancellation(error: unknown): boolean {
  return /^(AbortError|APIUserAbortError)$/.test(nameOf(error));
}

/**
 * `error.type`: the provider's own code (`rate_limit_exceeded`, `overloaded_error`), else the HTTP status,
 * else the code of the system's error (`ECONNREFUSED`), else the error's class.
 */
export function errorType(error: unknown): string {
  const status = statusOf(error);
  for (const code of [field(error, "code"), innerType(error), field(error, "type"), googleStatus(error)]) {
    if (typeof code === "string" && /^[\w.-]{1,60}$/.test(code) && !/^\d+$/.test(code)) return code;
  }
  if (status !== undefined) return String(status);
  const cause = systemCode(error, 0);
  return cause ?? (nameOf(error) || "_OTHER");
}

/** HTTP status of a provider's answer; undefined when it gave none. */
export function statusOf(error: unknown): number | undefined {
  const status = field(error, "status") ?? field(error, "statusCode");
  return typeof status === "number" && status >= 100 && status < 600 ? status : undefined;
}

/** The text of an error, at most 2,000 characters. */
export function errorMessage(error: unknown): string {
  const message = field(error, "message");
  return (typeof message === "string" ? message : typeof error === "string" ? error : "").slice(
    0,
    MAX_MESSAGE,
  );
}

/** Anthropic nests the provider's answer: `{type: "error", error: {type: "overloaded_error"}}`. */
function innerType(error: unknown): unknown {
  const body = field(error, "error");
  return field(field(body, "error"), "type");
}

/** Google's SDK has the provider's answer in its message: `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}`. */
function googleStatus(error: unknown): string | undefined {
  const message = field(error, "message");
  if (field(error, "name") !== "ApiError" || typeof message !== "string") return undefined;
  return /"status":\s*"([A-Z_]{3,60})"/.exec(message.slice(0, MAX_MESSAGE))?.[1];
}

/** Fetch hides what happened to the connection in the causes of its errors. */
function systemCode(error: unknown, depth: number): string | undefined {
  const cause = field(error, "cause");
  if (typeof cause !== "object" || cause === null || depth > 4) return undefined;
  const code = field(cause, "code");
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)
    ? code
    : systemCode(cause, depth + 1);
}

/** Its own name, or that of its class where it did not choose one: most SDKs leave `Error`. */
function nameOf(error: unknown): string {
  const own = field(error, "name");
  if (typeof own === "string" && own !== "" && own !== "Error") return own;
  const name = field(field(error, "constructor"), "name");
  return typeof name === "string" ? name : "";
}

function field(value: unknown, key: string): unknown {
  try {
    return (typeof value === "object" && value !== null) || typeof value === "function"
      ? (value as Record<string, unknown>)[key]
      : undefined;
  } catch {
    return undefined;
  }
}
