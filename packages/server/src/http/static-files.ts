import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Context } from "hono";
import { takesGzip } from "./answer-json.ts";

interface StaticFile {
  readonly type: string;
  readonly tag: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly compressed: Buffer<ArrayBuffer> | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".svg", ".txt"]);

/** Files whose name changes with what is in them. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;

/** Files of a folder, read at once; only these are ever sent, so no path can lead elsewhere. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  /** A folder that does not exist has no files. */
  constructor(folder: string) {
    const names = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    this.#files = new Map(
      names
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          const relative = path.slice(folder.replace(/[\\/]+$/, "").length).replaceAll("\\", "/");
          return [relative, readFile(path)];
        }),
    );
  }

  /** The file at the path of the request; the start page for paths of pages; undefined for other names. */
  answer(context: Context): Response | undefined {
    const { path } = context.req;
    const file = this.#files.get(path) ?? (isPage(path) ? this.#files.get("/index.html") : undefined);
    if (file === undefined) return undefined;
    context.header("Cache-Control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
    context.header("ETag", file.tag);
    if (context.req.header("if-none-match") === file.tag) return context.body(null, 304);
    context.header("Content-Type", file.type);
    if (file.compressed === undefined || !takesGzip(context)) return context.body(file.body);
    context.header("Content-Encoding", "gzip");
    context.header("Vary", "Accept-Encoding", { append: true });
    return context.body(file.compressed);
  }
}

/** Pages about something that people name, maybe with a dot. */
const NAMED = /^\/(?:sessions|tasks)\//;

/** Whether a path is that of a page of the user interface rather than of a file. */
export function isPage(path: string): boolean {
  return extname(path) === "" || NAMED.test(path);
}

function readFile(path: string): StaticFile {
  const body = readFileSync(path);
  const extension = extname(path);
  return {
    type: TYPES[extension] ?? "application/octet-stream",
    tag: `"${createHash("sha1").update(body).digest("base64url")}"`,
    body,
    compressed: COMPRESSED.has(extension) ? gzipSync(body) : undefined,
  };
}
