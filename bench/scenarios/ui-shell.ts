import type { Figure } from "../figures.ts";
import { BenchBrowser, type BenchPage } from "../page/bench-page.ts";
import { say } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const TRACES = 2000;
const SPANS_PER_TRACE = 20;
/** Without a long task for so long, the page is at rest. */
const REST_MS = 500;
const LIST = "main table tbody tr";

/** The page on a server with some traces: how soon it can be used, and how soon an id is found. */
export const uiShell: Scenario = {
  gives: ["ui-shell", "ui-shell-4x", "ui-id-jump"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const jumps = quick ? 10 : 60;
    const spans = TRACES * SPANS_PER_TRACE;
    const { acknowledgedSpans, kept } = await runLoad({
      port: server.ports.grpc,
      spansPerRequest: 100,
      spans,
      keep: jumps,
    });
    await server.whenStored(acknowledgedSpans);
    await server.whenQuiet(20_000);
    await using browser = await BenchBrowser.start(server);
    const rounds = quick ? 3 : 11;
    say("opening the newest traces");
    const shell = await startsOf(browser, rounds, 1);
    const throttled = await startsOf(browser, rounds, 4);
    say(`jumping to ${jumps} ids`);
    await using opened = await browser.page();
    const ids = kept.map(({ traceId }) => traceId);
    return [
      { name: "ui-shell", ...shell },
      { name: "ui-shell-4x", ...throttled },
      { name: "ui-id-jump", ...(await jumpTo(opened, ids)) },
    ];
  },
};

interface Watched {
  readonly tasks: readonly { readonly at: number; readonly ms: number }[];
  readonly largestPaintAt: number;
  readonly layoutShift: number;
}

type Measured = Omit<Figure, "name">;

/** From navigation until the newest traces are painted and no long task is left, in new profiles. */
async function startsOf(browser: BenchBrowser, rounds: number, throttle: number): Promise<Measured> {
  const usable: number[] = [];
  const largest: number[] = [];
  let shift = 0;
  // The first one also warms up the server.
  for (let round = 0; round <= rounds; round++) {
    await using opened = await browser.page({ throttle });
    const paintedMs = await opened.open("/traces", LIST);
    await opened.page.waitForTimeout(REST_MS * throttle);
    const { tasks, largestPaintAt, layoutShift } = await opened.ask<Watched>(
      "({ tasks: watch.tasks, largestPaintAt: watch.largestPaintAt, layoutShift: watch.layoutShift })",
    );
    if (round === 0) continue;
    usable.push(Math.max(paintedMs, ...tasks.map(({ at, ms }) => at + ms)));
    largest.push(largestPaintAt);
    shift = Math.max(shift, layoutShift);
  }
  const note = `${rounds} cold starts, longest ${Math.max(...usable).toFixed(0)} ms; largest paint ${median(largest).toFixed(0)} ms; layout shift ${shift.toFixed(3)}`;
  return { value: median(usable), note };
}

/** Pastes ids into the omnibox, one after the other, each from the list of traces. */
async function jumpTo(opened: BenchPage, ids: readonly string[]): Promise<Measured> {
  const { page } = opened;
  const times: number[] = [];
  await page.goto("/traces");
  await page.locator(LIST).first().waitFor();
  for (const id of ids) {
    await page.keyboard.press("Control+k");
    await page.locator("dialog[open] input").waitFor();
    times.push(await opened.ask<number>(`gestures.jump("${id}")`));
    await page.goBack();
    await page.locator(LIST).first().waitFor();
  }
  const [first = Number.NaN, ...others] = times;
  return {
    value: quantile(others, 0.95),
    note: `p50 ${median(others).toFixed(0)} ms, ${others.length} ids; the first one ${first.toFixed(0)} ms`,
  };
}
