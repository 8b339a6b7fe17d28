import { isIP } from "node:net";
import type { Context, Next } from "hono";
import { Cors } from "../ingest/receive/cors.ts";
import { bearerToken, tokenOf } from "../ingest/receive/token.ts";
import { HostNotAllowed, OriginNotAllowed, Unauthorized } from "./http-errors.ts";

export interface GuardOptions {
  /** What callers must present as bearer token; absent when anybody may ask. */
  readonly token?: string | undefined;
  /** Origins of other sites whose pages may ask; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Names by which the server may be called, besides addresses and names that no stranger can own. */
  readonly allowedHosts: readonly string[];
}

const CORS_MAX_AGE_S = 600;

/**
 * Refuses browsers that were led here: by a name of a foreign site that resolves to this machine (DNS
 * rebinding; a token makes that harmless), or by a page of another origin.
 */
export function guardOrigins(
  options: GuardOptions,
): (context: Context, next: Next) => Promise<Response | undefined> {
  const cors = new Cors(options.corsOrigins);
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    if (options.token === undefined && !isAllowedHost(host, options.allowedHosts))
      throw new HostNotAllowed(host);
    const origin = context.req.header("origin");
    if (origin === undefined || isSameOrigin(origin, host)) {
      await next();
      return undefined;
    }
    if (!cors.allows(origin)) throw new OriginNotAllowed(origin);
    context.header("Access-Control-Allow-Origin", origin);
    context.header("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id");
    context.header("Cross-Origin-Resource-Policy", "cross-origin");
    context.header("Vary", "Origin", { append: true });
    if (context.req.method === "OPTIONS") {
      context.header("Access-Control-Allow-Methods", "GET, HEAD");
      context.header("Access-Control-Allow-Headers", "Authorization, If-None-Match, Last-Event-ID");
      context.header("Access-Control-Max-Age", String(CORS_MAX_AGE_S));
      return context.body(null, 204);
    }
    await next();
    return undefined;
  };
}

/** Lets through who presents the token; everybody when there is none. Takes the same time for any wrong one. */
export function requireToken(token: string | undefined): (context: Context, next: Next) => Promise<void> {
  const authorize = bearerToken(token);
  return async (context, next) => {
    const authorization = context.req.header("authorization");
    if (!authorize(authorization)) throw new Unauthorized(tokenOf(authorization) !== undefined);
    await next();
  };
}

/** Addresses, single-label names and the reserved local domains can't be a stranger's. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = hostName(host);
  if (name === "") return false;
  if (isIP(name) !== 0 || !name.includes(".")) return true;
  return (
    /\.(localhost|local|internal|home\.arpa)$/.test(name) ||
    allowed.some((other) => other.toLowerCase() === name)
  );
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d+$/, "")).toLowerCase().replace(/\.$/, "");
}

/** Whether a page of this server asks. */
export function isSameOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
