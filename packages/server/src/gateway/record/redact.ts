/** Stands where something secret was. */
export const REMOVED = "[removed]";

/** Keys in a body whose value is a secret, such as what a tool of a request is called with. */
const SECRET_KEY =
  /^(?:x[-_])?(?:authorization(?:[-_]token)?|proxy-authorization|api[-_]?key|apikey|goog[-_]api[-_]key|access[-_]?token|refresh[-_]?token|auth[-_]?token|client[-_]?secret|secret|password|passwd|cookie|set-cookie|credentials?)$/i;

/** The value without what its keys say is secret; the same object where there is nothing to remove. */
export function redacted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(redacted);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (value === null || typeof value !== "object") return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, item]) => {
    const kept = SECRET_KEY.test(key) && typeof item !== "object" ? REMOVED : redacted(item);
    changed ||= kept !== item;
    return [key, kept] as const;
  });
  return changed ? Object.fromEntries(entries) : value;
}

/** Names of query parameters that may hold a secret: Gemini's `key`, signatures of signed URLs. */
export const SECRET_PARAMETER = /key|token|secret|password|signature|credential|^sig$|^auth/i;

/** Request headers that carry nothing secret. All others are left out of recordings. */
const REQUEST_HEADERS = new Set([
  "accept",
  "anthropic-beta",
  "anthropic-version",
  "content-type",
  "openai-beta",
]);

const ANSWER_HEADERS = new Set([
  "cache-control",
  "content-type",
  "request-id",
  "retry-after",
  "retry-after-ms",
  "x-request-id",
  "x-should-retry",
]);

export function keptRequestHeader(name: string): boolean {
  return REQUEST_HEADERS.has(name);
}

export function keptAnswerHeader(name: string): boolean {
  return ANSWER_HEADERS.has(name) || name.includes("ratelimit");
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Shorter ones would be found in ordinary text. */
const MIN_SECRET_LENGTH = 8;

/** What a request proved itself with: providers repeat it in the message of an error. */
export function secretsOf(headers: Headers, path: string): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !/auth|key|token|secret|cookie|credential/i.test(name)) continue;
    for (const text of [value].flat()) found.push(text, ...text.split(/[\s;=,]+/));
  }
  const query = path.indexOf("?");
  const parameters = new URLSearchParams(query < 0 ? "" : path.slice(query + 1));
  for (const [name, value] of parameters) if (SECRET_PARAMETER.test(name)) found.push(value);
  return [...new Set(found)]
    .filter((text) => text.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, REMOVED);
  return result;
}
