import type { IncomingHttpHeaders } from "node:http";

/** No prefix makes these attributes. */
const SECRET = /auth|cookie|token|secret|password|credential|api-?key|^x-goog-api|signature|session-key|jwt/;

export function isSecretHeader(name: string): boolean {
  return SECRET.test(name);
}

/** Headers that begin with a prefix, named by what follows it: `x-acme-tenant-id` of `x-acme-` is `tenant.id`. */
export function headerAttributes(
  headers: IncomingHttpHeaders,
  prefixes: readonly string[],
): [key: string, value: string][] {
  const found: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const prefix = prefixes.find((each) => name.startsWith(each));
    if (prefix === undefined || value === undefined || isSecretHeader(name)) continue;
    const key = name.slice(prefix.length).replace(/^-+/, "").replaceAll("-", ".");
    if (key !== "") found.push([key, Array.isArray(value) ? value.join(", ") : value]);
  }
  return found;
}
