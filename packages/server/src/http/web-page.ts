import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "hono";
import { isPage, StaticFiles } from "./static-files.ts";
import { WebBuild } from "./web-build.ts";

const TITLE = { building: "Building the page", failed: "The page cannot be built" };

/** The user interface: its files, and in a checkout a word while they are made of their sources. */
export class WebPage {
  readonly #dist: string;
  readonly #build: WebBuild | undefined;
  #files: StaticFiles;
  /** When the files were built that were read. */
  #readMs: number | undefined;

  /** `folder` has the files; default those of `@clew/web`, which a checkout builds. */
  constructor(folder?: string) {
    const installed = fileURLToPath(new URL(".", import.meta.resolve("@clew/web/package.json")));
    this.#dist = folder ?? join(installed, "dist");
    this.#build = folder === undefined ? WebBuild.of(installed) : undefined;
    this.#readMs = this.#build?.builtMs;
    this.#files = new StaticFiles(this.#dist);
  }

  /** Undefined for paths that are neither a file's nor a page's. */
  answer(context: Context): Response | Promise<Response> | undefined {
    if (this.#build === undefined || !isPage(context.req.path)) return this.#files.answer(context);
    const state = this.#build.check();
    if (state === "building") {
      return say(
        context,
        TITLE.building,
        "<p><progress></progress></p><p>This takes a few seconds, once.</p>",
        1,
      );
    }
    if (state !== "fresh") return say(context, TITLE.failed, `<pre>${escaped(state.failed)}</pre>`);
    if (this.#build.builtMs !== this.#readMs) this.#read(this.#build.builtMs);
    return this.#files.answer(context);
  }

  #read(builtMs: number): void {
    this.#files = new StaticFiles(this.#dist);
    this.#readMs = builtMs;
  }
}

/** A page without files; `againS` makes the browser ask again. */
function say(context: Context, title: string, body: string, againS?: number): Response | Promise<Response> {
  context.header("Cache-Control", "no-store");
  const refresh = againS === undefined ? "" : `<meta http-equiv="refresh" content="${againS}">`;
  return context.html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark">${refresh}<title>${title} · Clew</title></head>` +
      `<body><main><h1>${title}</h1>${body}</main></body></html>`,
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
