import { get } from "node:http";
import type { Figure, FigureName } from "../figures.ts";
import { BenchBrowser, type BenchPage } from "../page/bench-page.ts";
import { type SentFleetTrace, sendFleetTrace } from "../page/send-fleet-trace.ts";
import { say } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const ROWS = "[role=treegrid] [role=row]";
const FOUND = "execute_tool sql";
/** In which the page does what it left for later. */
const SETTLE_MS = 1500;

/** Large traces in the page. */
export const uiTrace: Scenario = {
  gives: [
    ...(["ui-1k", "ui-50k", "ui-50k-4x", "ui-50k-task", "ui-50k-size", "ui-50k-server"] as const),
    ...(["ui-scroll", "ui-scroll-4x", "ui-zoom", "ui-zoom-4x", "ui-long-tasks", "ui-find"] as const),
    ...(["ui-lanes-50k", "ui-lanes-100k", "ui-heap-50k", "ui-heap-100k"] as const),
  ],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    say("sending traces of 1,000, 50,000 and 100,000 spans");
    const small = await sendFleetTrace(server, 1000);
    const large = await sendFleetTrace(server, 50_000);
    const huge = await sendFleetTrace(server, 100_000);
    await server.whenQuiet(30_000);
    await using browser = await BenchBrowser.start(server);
    const rounds = quick ? 3 : 11;
    return [
      ...(await answersOf(server, large, quick ? 5 : 30)),
      ...(await openings(browser, small, large, rounds)),
      ...(await movements(browser, large)),
      ...(await lanesAndHeap(browser, large, ["ui-lanes-50k", "ui-heap-50k"])),
      ...(await lanesAndHeap(browser, huge, ["ui-lanes-100k", "ui-heap-100k"])),
    ];
  },
};

async function answersOf(server: ServerProcess, trace: SentFleetTrace, times: number): Promise<Figure[]> {
  say("asking the server for it");
  const url = `http://127.0.0.1:${server.ports.api}/api/v1/traces/${trace.id}`;
  const answers = [];
  for (let time = 0; time <= times; time++) answers.push(await zipped(url));
  const ms = answers.slice(1).map((answer) => answer.ms);
  return [
    { name: "ui-50k-size", value: answers[0]!.bytes / 1000, note: `${trace.spans} spans` },
    {
      name: "ui-50k-server",
      value: quantile(ms, 0.95),
      note: `p50 ${median(ms).toFixed(0)} ms, ${times} answers after a first; to the last byte`,
    },
  ];
}

/** Bytes as they come over the wire. */
function zipped(url: string): Promise<{ readonly bytes: number; readonly ms: number }> {
  const begunAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
      let bytes = 0;
      if (response.headers["content-encoding"] !== "gzip") reject(new Error("The answer is not compressed"));
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve({ bytes, ms: performance.now() - begunAt }));
      response.on("error", reject);
    }).on("error", reject);
  });
}

async function openings(
  browser: BenchBrowser,
  small: SentFleetTrace,
  large: SentFleetTrace,
  rounds: number,
): Promise<Figure[]> {
  say("opening them");
  const ofSmall = await openingsOf(browser, small, rounds, 1);
  const ofLarge = await openingsOf(browser, large, rounds, 1);
  const throttled = await openingsOf(browser, large, rounds, 4);
  const figure = (name: FigureName, all: readonly Opening[]): Figure => {
    const ms = all.map(({ paintedMs }) => paintedMs);
    const whole = median(all.map(({ wholeMs }) => wholeMs));
    return {
      name,
      value: median(ms),
      note: `${rounds} cold openings, ${Math.min(...ms).toFixed(0)} to ${Math.max(...ms).toFixed(0)} ms; ${whole.toFixed(0)} ms since navigation`,
    };
  };
  const longest = (all: readonly Opening[]): number[] => all.map(({ longestMs }) => longestMs);
  return [
    figure("ui-1k", ofSmall),
    figure("ui-50k", ofLarge),
    figure("ui-50k-4x", throttled),
    {
      name: "ui-50k-task",
      value: median(longest(ofLarge)),
      note: `median of ${rounds}, longest ${Math.max(...longest(ofLarge)).toFixed(0)} ms; throttled ${median(longest(throttled)).toFixed(0)} ms; 0 is less than 50`,
    },
  ];
}

interface Opening {
  /** From the response's last byte until the rows are painted. */
  readonly paintedMs: number;
  /** The same from navigation. */
  readonly wholeMs: number;
  /** Of the tasks that end behind the response; 0 when none took 50 ms. */
  readonly longestMs: number;
}

/** Each in a new profile, after one that does not count. */
async function openingsOf(
  browser: BenchBrowser,
  trace: SentFleetTrace,
  rounds: number,
  throttle: number,
): Promise<Opening[]> {
  const all: Opening[] = [];
  for (let round = 0; round <= rounds; round++) {
    await using opened = await browser.page({ throttle });
    const wholeMs = await opened.open(`/traces/${trace.id}`, ROWS);
    await opened.page.waitForTimeout(SETTLE_MS * throttle);
    const responseEnd = await opened.ask<number>(`watch.answeredAt("/traces/${trace.id}")`);
    const tasks = await opened.ask<readonly { at: number; ms: number }[]>("watch.tasks");
    const after = tasks.filter(({ at, ms }) => at + ms > responseEnd).map(({ ms }) => ms);
    if (round > 0) all.push({ paintedMs: wholeMs - responseEnd, wholeMs, longestMs: Math.max(0, ...after) });
  }
  return all;
}

interface Movement {
  readonly framesMs: readonly number[];
  /** Tasks of 50 ms and more that began meanwhile. */
  readonly longTasksMs: readonly number[];
}

/** Of each keystroke, from when it came. */
interface Typing {
  readonly scriptsMs: readonly number[];
  readonly paintedMs: readonly number[];
}

async function movements(browser: BenchBrowser, trace: SentFleetTrace): Promise<Figure[]> {
  const path = `/traces/${trace.id}?v=waterfall&fold=0`;
  const open = async (throttle: number): Promise<BenchPage> => {
    const opened = await browser.page({ throttle });
    await opened.open(path, ROWS);
    await opened.page.waitForTimeout(SETTLE_MS * throttle);
    return opened;
  };
  say("scrolling, zooming and finding");
  await using fast = await open(1);
  const scrolled = await fast.ask<Movement>("gestures.scroll()");
  const zoomed = await fast.ask<Movement>("gestures.zoom()");
  const typed = await fast.ask<Typing>(`gestures.find("${FOUND}")`);
  say("the same, throttled");
  await using slow = await open(4);
  const scrolledSlowly = await slow.ask<Movement>("gestures.scroll()");
  const zoomedSlowly = await slow.ask<Movement>("gestures.zoom()");
  const figure = (name: FigureName, { framesMs, longTasksMs }: Movement): Figure => ({
    name,
    value: quantile(framesMs, 0.95),
    note: `p50 ${median(framesMs).toFixed(1)}, longest ${Math.max(...framesMs).toFixed(0)} ms, ${framesMs.length} frames; ${longTasksMs.length} long tasks`,
  });
  const long = [...scrolled.longTasksMs, ...zoomed.longTasksMs];
  return [
    figure("ui-scroll", scrolled),
    figure("ui-scroll-4x", scrolledSlowly),
    figure("ui-zoom", zoomed),
    figure("ui-zoom-4x", zoomedSlowly),
    { name: "ui-long-tasks", value: long.length, note: `longest ${Math.max(0, ...long).toFixed(0)} ms` },
    {
      name: "ui-find",
      value: quantile(typed.scriptsMs, 0.95),
      note: `p50 ${median(typed.scriptsMs).toFixed(1)} ms; painted after ${quantile(typed.paintedMs, 0.95).toFixed(0)} ms, p95; ${typed.scriptsMs.length} keystrokes`,
    },
  ];
}

async function lanesAndHeap(
  browser: BenchBrowser,
  trace: SentFleetTrace,
  [lanes, heap]: readonly [FigureName, FigureName],
): Promise<Figure[]> {
  say(`lanes and heap of ${trace.spans} spans`);
  await using opened = await browser.page();
  await opened.open(`/traces/${trace.id}?v=waterfall`, ROWS);
  await opened.page.waitForTimeout(2 * SETTLE_MS);
  const waterfallBytes = await opened.heapBytes();
  await opened.open(`/traces/${trace.id}?v=lanes`, "[role=application] canvas");
  await opened.page.waitForTimeout(SETTLE_MS);
  const paintedMs = await opened.ask<number[]>("gestures.repaintLanes()");
  const lanesBytes = await opened.heapBytes();
  return [
    {
      name: lanes,
      value: median(paintedMs),
      note: `p95 ${quantile(paintedMs, 0.95).toFixed(1)} ms, painted ${paintedMs.length} times; scripts only`,
    },
    {
      name: heap,
      value: waterfallBytes / 1e6,
      note: `waterfall, explained, after a collection, without its worker; lanes ${(lanesBytes / 1e6).toFixed(0)} MB`,
    },
  ];
}
