import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { bundleWeb } from "../../scripts/bundle-web.ts";
import { startChromium } from "../../test/web/browser/chromium.ts";
import type { ServerProcess } from "../server-process.ts";

/** Run in the page, before its own scripts. */
const SCRIPTS = [new URL("./watch.js", import.meta.url), new URL("./gestures.js", import.meta.url)];
const TIMEOUT_MS = 60_000;

export interface PageOptions {
  /** How many times slower the page's processor is to be; workers stay as fast as they are. */
  readonly throttle?: number;
  readonly height?: number;
}

/** Chromium before a server that has the page as it is now. */
export class BenchBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #url: string;

  private constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  static async start(server: ServerProcess): Promise<BenchBrowser> {
    await bundleWeb();
    return new BenchBrowser(await startChromium(), `http://127.0.0.1:${server.ports.api}`);
  }

  /** A page of a new profile, that has nothing in its cache; on nothing yet. */
  async page({ throttle = 1, height = 800 }: PageOptions = {}): Promise<BenchPage> {
    const viewport = { width: 1280, height };
    const context = await this.#browser.newContext({ viewport, baseURL: this.#url });
    context.setDefaultTimeout(TIMEOUT_MS);
    for (const script of SCRIPTS) await context.addInitScript({ path: fileURLToPath(script) });
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send("Page.enable");
    if (throttle !== 1) await devTools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    return new BenchPage(context, page, devTools);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

export class BenchPage implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #devTools: CDPSession;

  constructor(context: BrowserContext, page: Page, devTools: CDPSession) {
    this.#context = context;
    this.page = page;
    this.#devTools = devTools;
  }

  /** Goes there; resolves behind the frame in which something fits the selector, with the time since navigation. */
  async open(path: string, selector: string): Promise<number> {
    // From the document's beginning on, however late we ask.
    const source = `watch.opened = watch.painted(${JSON.stringify(selector)})`;
    const { identifier } = await this.#devTools.send("Page.addScriptToEvaluateOnNewDocument", { source });
    await this.page.goto(path);
    const paintedMs = await this.#opened();
    await this.#devTools.send("Page.removeScriptToEvaluateOnNewDocument", { identifier });
    return paintedMs;
  }

  /** A server whose sources have changed shows that it builds the page, which then loads itself again. */
  async #opened(): Promise<number> {
    const until = performance.now() + TIMEOUT_MS;
    for (;;) {
      try {
        return await this.ask("watch.opened");
      } catch (error) {
        if (!/navigation/.test(String(error)) || performance.now() > until) throw error;
        await this.page.waitForLoadState();
      }
    }
  }

  /** What an expression comes to in the page, where `watch` and `gestures` are. */
  async ask<Answer>(expression: string): Promise<Answer> {
    return (await this.page.evaluate(expression)) as Answer;
  }

  /** Bytes that are used after a collection, without workers. */
  async heapBytes(): Promise<number> {
    for (let round = 0; round < 2; round++) await this.#devTools.send("HeapProfiler.collectGarbage");
    return (await this.#devTools.send("Runtime.getHeapUsage")).usedSize;
  }

  /** Processor time of the page's process, all threads. */
  async cpuSeconds(): Promise<number> {
    await this.#devTools.send("Performance.enable");
    const { metrics } = await this.#devTools.send("Performance.getMetrics");
    const time = metrics.find(({ name }) => name === "ProcessTime")?.value;
    if (time === undefined) throw new Error("This Chromium does not tell its processor time");
    return time;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}
