/**
 * Takes the pictures of the guide anew, from what `clew demo` leaves behind: `node scripts/take-screenshots.ts`.
 * They are part of the repository, so look at each before committing it; together they stay below a megabyte.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiClient } from "@clew/protocol/api/client";
import { ServerProcess } from "../test/harness/server-process.ts";
import { startChromium } from "../test/web/browser/chromium.ts";

const CLEW = fileURLToPath(new URL("../packages/server/bin/clew.js", import.meta.url));
const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));
const MOST_BYTES = 1_000_000;
/** Fonts, charts and the analysis are there by then. */
const SETTLED_MS = 2500;

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly theme?: "dark";
}

await using server = await ServerProcess.start();
const api = new ApiClient({ baseUrl: server.url });
for (let round = 0; round < 3; round += 1) {
  execFileSync(process.execPath, [CLEW, "demo"], { env: { ...process.env, CLEW_URL: server.url } });
}
const { items } = await api.traces({});
const failing = items.find(({ status }) => status === "error")!;
const good = items.find(({ status }) => status !== "error")!;
const columns = await api.trace(failing.traceId);
const errorSpan = columns.id[columns.status.indexOf(2)];
const model = columns.id[columns.type.findIndex((type) => columns.dict.type[type] === "model")];

const SHOTS: readonly Shot[] = [
  { name: "traces", path: "/traces" },
  { name: "trace", path: `/traces/${failing.traceId}?v=waterfall&span=${errorSpan}` },
  { name: "lanes", path: `/traces/${failing.traceId}?v=lanes`, theme: "dark" },
  { name: "transcript", path: `/traces/${good.traceId}?v=transcript` },
  { name: "conversation", path: `/traces/${failing.traceId}?v=waterfall&span=${model}` },
  { name: "flame", path: `/traces/${good.traceId}?v=flame`, theme: "dark" },
  { name: "compare", path: `/compare?a=${good.traceId}&b=${failing.traceId}` },
  { name: "map", path: "/map" },
];

const browser = await startChromium();
try {
  for (const { name, path, theme = "light" } of SHOTS) {
    const page = await browser.newPage({
      baseURL: server.url,
      viewport: { width: 1200, height: 680 },
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    await page.goto(path);
    await page.locator("#root > *").first().waitFor({ timeout: 120_000 });
    await page.waitForTimeout(SETTLED_MS);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
}

const bytes = readdirSync(IMAGES).reduce((sum, name) => sum + statSync(join(IMAGES, name)).size, 0);
process.stdout.write(`${SHOTS.length} pictures, ${bytes} bytes with those that were there\n`);
if (bytes > MOST_BYTES) throw new Error(`the pictures take ${bytes} bytes, ${MOST_BYTES} are allowed`);
