import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { makeLargeTrace, traceIdOf } from "../../bench/agent-traces.ts";
import { bundleWeb } from "../../scripts/bundle-web.ts";
import { RawHttp } from "../harness/otlp-http.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { Ui } from "./browser/ui.ts";

const SPANS = 50_000;
const TRACE = traceIdOf(0);
const DIST = fileURLToPath(new URL("../../packages/web/dist/", import.meta.url));
/** Bytes that come over the wire before the first view, scripts alone. */
const MOST_SCRIPT_BYTES = 165_000;
const MOST_STYLE_BYTES = 20_000;
/** Elements in the document, whatever the trace's size. */
const MOST_ELEMENTS = 1500;

let server: ServerProcess;

before(async () => {
  await bundleWeb();
  server = await ServerProcess.start();
  const http = new RawHttp(server.ports.http, 2);
  for (const body of makeLargeTrace(SPANS, 2000, 8))
    assert.equal((await http.send("traces", body)).status, 200);
  http.close();
  await until("all spans", async () => (await server.api.trace(TRACE)).n === SPANS);
});

after(() => server[Symbol.asyncDispose]());

test("the first view needs little code", () => {
  const first = filesAtFirst();
  const sizeOf = (extension: string): number =>
    first
      .filter((name) => name.endsWith(extension))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
  assert.ok(sizeOf(".js") < MOST_SCRIPT_BYTES, `${sizeOf(".js")} bytes of scripts`);
  assert.ok(sizeOf(".css") < MOST_STYLE_BYTES, `${sizeOf(".css")} bytes of styles`);
  // What is not needed for it comes when it is.
  for (const part of [/lanes-view/, /graph-view/, /flame-view/, /raw-view/, /analysis-worker/]) {
    assert.equal(first.filter((name) => part.test(name)).length, 0, String(part));
    assert.ok(readdirSync(join(DIST, "assets")).some((name) => part.test(name)));
  }
});

test("a trace of 50,000 spans is walked, searched and folded with only the rows in view in the document", async (t) => {
  await using ui = await Ui.open(server, `/traces/${TRACE}?v=waterfall&fold=0`);
  const { page } = ui;
  const grid = page.getByRole("treegrid");
  await until("its rows", async () => (await grid.getAttribute("aria-rowcount")) === `${SPANS}`);
  const elements = (): Promise<number> => page.evaluate("document.querySelectorAll('*').length");
  const rows = page.getByRole("row");
  assert.ok((await elements()) < MOST_ELEMENTS, `${await elements()} elements`);

  const first = await ui.activeRow();
  await ui.press("End");
  await until("the last row", async () => (await ui.activeRow()) !== first);
  assert.equal(
    await page.locator(`[role=row][aria-rowindex="${SPANS}"]`).getAttribute("data-active"),
    "true",
  );
  assert.ok((await rows.count()) < 100);

  const frames = (await page.evaluate(SCROLL)) as {
    readonly tasksMs: readonly number[];
    readonly seen: number;
  };
  t.diagnostic(`scripts in ${frames.tasksMs.length} frames while scrolling: ${quantiles(frames.tasksMs)} ms`);
  assert.ok(frames.seen > 500, `${frames.seen} different rows were shown`);
  assert.ok((await elements()) < MOST_ELEMENTS);

  await ui.press("Home", "[");
  await until("folded rows", async () => Number(await grid.getAttribute("aria-rowcount")) < 20);
  await ui.press("]");
  await until("all rows again", async () => (await grid.getAttribute("aria-rowcount")) === `${SPANS}`);
  await page.getByRole("textbox", { name: "Find spans" }).fill("execute_tool");
  await page
    .getByRole("status")
    .filter({ hasText: /\d+ match/ })
    .waitFor();
  await ui.press("Enter");
  await until("a match", async () => /execute_tool/.test(await ui.activeRow()));
});

/** What the start page names, and whatever that imports at once. */
function filesAtFirst(): string[] {
  const page = readFileSync(join(DIST, "index.html"), "utf8");
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file!);
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    const code = readFileSync(join(DIST, file), "utf8");
    for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      if (!files.includes(`assets/${name}`)) files.push(`assets/${name}`);
    }
  }
  return files;
}

/** Scrolls through the trace by the frame; says how long scripts and layout took in each. */
const SCROLL = `(async () => {
  const scroller = document.querySelector("[role=treegrid]").parentElement;
  const seen = new Set();
  const tasksMs = [];
  for (let frame = 0; frame < 120; frame++) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    scroller.scrollTop = frame * 700;
    scroller.dispatchEvent(new Event("scroll"));
    await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
    scroller.getBoundingClientRect();
    tasksMs.push(performance.now() - began);
    for (const row of document.querySelectorAll("[role=row]")) seen.add(row.getAttribute("aria-rowindex"));
  }
  return { tasksMs, seen: seen.size };
})()`;

function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.95, 1]
    .map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(1))
    .join(" / ");
}
