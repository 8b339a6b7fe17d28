import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { BenchBrowser } from "../page/bench-page.ts";
import { sendFleetTrace } from "../page/send-fleet-trace.ts";
import { say } from "../progress.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const DIST = fileURLToPath(new URL("../../packages/web/dist/", import.meta.url));
const VIEWS = ["waterfall", "lanes", "graph", "flame"];
/** Bring what reads text and queries, which other pages use as well. */
const MORE_VIEWS = ["transcript", "logs", "raw"];
const SETTLE_MS = 500;

/** Bytes of the built page as they come over the wire. */
export const uiSize: Scenario = {
  gives: ["ui-js", "ui-css", "ui-trace-js"],
  async run() {
    await using server = await ServerProcess.start();
    const trace = await sendFleetTrace(server, 100);
    await using browser = await BenchBrowser.start(server);
    const html = readFileSync(join(DIST, "index.html"), "utf8");
    const tags = html.match(/<(?:script|link)[^>]*>/g) ?? [];
    const named = (kind: RegExp): string[] =>
      tags.filter((tag) => kind.test(tag)).map((tag) => /(?:src|href)="\/([^"]+)"/.exec(tag)![1]!);
    const scripts = named(/<script|rel="modulepreload"/);
    const styles = named(/rel="stylesheet"/);

    say("looking at all views of a trace");
    await using opened = await browser.page();
    const all = new Set<string>();
    // Also hears what workers load.
    opened.page.context().on("request", (request) => {
      const file = new URL(request.url()).pathname.slice(1);
      if (file.endsWith(".js") && !scripts.includes(file)) all.add(file);
    });
    const loadedBy = async (views: readonly string[]): Promise<readonly string[]> => {
      for (const view of views) {
        await opened.open(`/traces/${trace.id}?v=${view}`, `[data-view=${view}]`);
        await opened.page.waitForLoadState("networkidle");
        await opened.page.waitForTimeout(SETTLE_MS);
      }
      return [...all];
    };
    const later = await loadedBy(VIEWS);
    const withMore = kilobytes(await loadedBy(MORE_VIEWS)).toFixed(1);
    return [
      { name: "ui-js", value: kilobytes(scripts), note: `${scripts.length} files` },
      { name: "ui-css", value: kilobytes(styles), note: `${styles.length} files` },
      {
        name: "ui-trace-js",
        value: kilobytes(later),
        note: `${later.length} files: ${largest(later)}; with ${MORE_VIEWS.join(", ")} ${withMore} KB`,
      },
    ];
  },
};

function sizeOf(file: string): number {
  return gzipSync(readFileSync(join(DIST, file))).length / 1000;
}

function kilobytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + sizeOf(file), 0);
}

function largest(files: readonly string[]): string {
  const sizes = files.map((file) => ({
    name: file.replace(/^assets\/(.+)-.{8}\.js$/, "$1"),
    size: sizeOf(file),
  }));
  const top = sizes.sort((a, b) => b.size - a.size).slice(0, 4);
  return top.map(({ name, size }) => `${name} ${size.toFixed(1)}`).join(", ");
}
