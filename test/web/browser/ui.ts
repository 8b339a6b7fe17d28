import assert from "node:assert/strict";
import { after } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { ServerProcess } from "../../harness/server-process.ts";
import { until } from "../../harness/until.ts";
import { startChromium } from "./chromium.ts";

export interface UiOptions {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Complaints of the browser that the test is about. */
  readonly allowed?: RegExp;
}

let browser: Promise<Browser> | undefined;

after(async () => {
  await (await browser)?.close();
});

/**
 * A fresh profile of a real browser that looks at a real server. What must never happen ends the test that it happens
 * in: a request to anybody else, an error on the console, a breach of the page's policy.
 */
export class Ui implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #troubles: string[];

  private constructor(context: BrowserContext, page: Page, troubles: string[]) {
    this.#context = context;
    this.page = page;
    this.#troubles = troubles;
  }

  static async open(server: ServerProcess, path: string, options: UiOptions = {}): Promise<Ui> {
    browser ??= startChromium();
    const { theme = "light", width = 1280, height = 800, allowed } = options;
    const context = await (await browser).newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      baseURL: server.url,
    });
    const troubles: string[] = [];
    const complain = (what: string): void => {
      if (allowed?.test(what) !== true) troubles.push(what);
    };
    await context.route(
      (url) => url.origin !== server.url && url.protocol !== "data:" && url.protocol !== "blob:",
      (route) => {
        troubles.push(`request to ${route.request().url()}`);
        return route.abort();
      },
    );
    const page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complain(message.text());
    });
    // What the console says of a failed request does not tell which it was, nor why.
    page.on("response", async (response) => {
      if (response.status() < 500) return;
      const why = await response.text().catch(() => "");
      complain(`${response.status()} ${response.url()} ${why}`);
    });
    page.on("pageerror", (error) => complain(String(error)));
    page.on("dialog", (dialog) => {
      troubles.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    const ui = new Ui(context, page, troubles);
    await ui.go(path);
    return ui;
  }

  /** Opens a path; a checkout may have to build the page first. */
  async go(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.locator("#root > *").first().waitFor();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Waits until the address holds this. */
  async address(holds: RegExp): Promise<URL> {
    await until(`the address to be ${holds}`, () => holds.test(this.page.url()));
    return new URL(this.page.url());
  }

  /** The row of the waterfall that the keyboard is at. */
  async activeRow(): Promise<string> {
    const id = await this.page.getByRole("treegrid").getAttribute("aria-activedescendant");
    return (await this.page.locator(`#${id}`).textContent()) ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    assert.deepEqual(this.#troubles, []);
  }
}
