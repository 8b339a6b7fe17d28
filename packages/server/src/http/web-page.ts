import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "hono";
import { isPage, StaticFiles } from "./static-files.ts";
import { answerWaiting, escaped, type WaitingPage } from "./waiting-page.ts";
import { WebBuild } from "./web-build.ts";

const BUILDING: WaitingPage = {
  title: "Building the page",
  body: "<p><progress></progress></p><p>This takes a few seconds, once.</p>",
  againS: 1,
};

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
    if (state === "building") return answerWaiting(context, BUILDING);
    if (state !== "fresh") {
      const body = `<pre>${escaped(state.failed)}</pre>`;
      return answerWaiting(context, { title: "The page cannot be built", body });
    }
    if (this.#build.builtMs !== this.#readMs) this.#read(this.#build.builtMs);
    return this.#files.answer(context);
  }

  #read(builtMs: number): void {
    this.#files = new StaticFiles(this.#dist);
    this.#readMs = builtMs;
  }
}
