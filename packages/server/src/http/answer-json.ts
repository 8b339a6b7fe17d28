import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context } from "hono";

const compress = promisify(gzip);

/** Shorter answers fit into one packet anyway. */
const MIN_GZIP_BYTES = 1400;
/** Quick rather than small: most clients are near. */
const GZIP_LEVEL = 3;

/** Whether the client takes gzip. */
export function takesGzip(context: Context): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))/i.test(context.req.header("accept-encoding") ?? "");
}

/** A value as JSON, compressed off this thread where that pays. */
export async function answerJson(context: Context, value: unknown): Promise<Response> {
  context.header("Cache-Control", "no-store");
  return send(context, Buffer.from(JSON.stringify(value)));
}

/** The same with an entity tag: a client that has the answer already gets 304. */
export async function answerJsonTagged(context: Context, value: unknown): Promise<Response> {
  const body = Buffer.from(JSON.stringify(value));
  const tag = `"${createHash("sha1").update(body).digest("base64url")}"`;
  context.header("Cache-Control", "private, no-cache");
  context.header("ETag", tag);
  const known = (context.req.header("if-none-match") ?? "")
    .split(",")
    .map((entry) => entry.trim().replace(/^W\//, ""));
  if (known.includes(tag) || known.includes("*")) return context.body(null, 304);
  return send(context, body);
}

async function send(context: Context, body: Buffer<ArrayBuffer>): Promise<Response> {
  context.header("Content-Type", "application/json");
  context.header("Vary", "Accept-Encoding", { append: true });
  if (body.length < MIN_GZIP_BYTES || !takesGzip(context)) return context.body(body);
  const compressed = await compress(body, { level: GZIP_LEVEL });
  context.header("Content-Encoding", "gzip");
  return context.body(compressed as Buffer<ArrayBuffer>);
}
