import type { Context } from "hono";

/** An error as the clients of one API expect it. */
export type ErrorShape = (context: Context, status: number, message: string) => Response;

/** Paths below these belong to compatible APIs. */
export const COMPATIBLE_PREFIXES = ["/jaeger", "/tempo", "/zipkin"] as const;

/** Whether a path belongs to a compatible API. */
export function isCompatible(path: string): boolean {
  return COMPATIBLE_PREFIXES.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** How the API at this path tells of errors; undefined for paths of our own. */
export function errorShapeOf(path: string): ErrorShape | undefined {
  if (!isCompatible(path)) return undefined;
  if (path.startsWith("/jaeger/api/v3/")) return jaegerGateway;
  return path.startsWith("/jaeger") ? jaegerEnvelope : plainText;
}

const jaegerGateway: ErrorShape = (context, status, message) =>
  context.json({ error: { httpCode: status, message } }, status as 400);

const jaegerEnvelope: ErrorShape = (context, status, msg) =>
  context.json({ data: null, total: 0, limit: 0, offset: 0, errors: [{ code: status, msg }] }, status as 400);

const plainText: ErrorShape = (context, status, message) => context.text(`${message}\n`, status as 400);
