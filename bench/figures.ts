/** The limits of one figure: `must` is never to be passed, `aim` is what we want. */
interface Budget {
  readonly what: string;
  readonly unit: string;
  /** Which way is better; figures without limits are for information. */
  readonly better: "less" | "more";
  readonly must?: number;
  readonly aim?: number;
}

/** Everything that is measured, in the order of the table. */
export const BUDGETS = {
  "cpu-100": less("server CPU per span, 100 spans a request", "µs", 12, 7.5),
  "cpu-20": less("server CPU per span, 20 spans a request", "µs", 18, 10),
  sustained: { what: "sustained ingest", unit: "spans/s", better: "more", must: 100_000, aim: 200_000 },
  refused: less("spans refused under it", "spans", 0, 0),
  lost: less("acknowledged spans that are not stored", "spans", 0, 0),
  doubled: less("spans stored twice", "spans", 0, 0),
  "peak-memory": less("peak memory under it", "MB", 1500, 1000),
  "ack-p99": less("acknowledgement p99 at 20k spans/s", "ms", 50, 20),
  "visible-p95": less("visible to queries p95 at 20k spans/s", "ms", 1000, 500),
  "cpu-paced": info("server CPU per span at 20k spans/s", "µs"),
  disk: less("disk per span, indexes included", "B", 80, 50),
  "cpu-http": info("server CPU per span over OTLP/HTTP, 100 spans a request", "µs"),
  "cpu-prompts": info("server CPU per span with prompts of 0.4 to 8 KB", "µs"),
  "disk-prompts": info("disk per span with prompts of 0.4 to 8 KB", "B"),
  "by-id": less("trace by id, p50", "ms", 15, 8),
  "by-session": less("traces by correlation id, p50", "ms", 25, 5),
  newest: less("newest 50 traces, p50", "ms", 30, 10),
  red: less("rate, errors, durations of 24 h, p50", "ms", 150, 50),
  attribute: less("traces by an attribute of few, p50", "ms", 30),
  "attribute-often": info("newest 20 traces by an attribute that 1 span in 25,000 has, p50", "ms"),
  structure: less("two conditions and structure over 1 h, p50", "ms", 300),
  "rate-by-agent": less("rate by agent over 24 h, p50", "ms", 200),
  "full-text": less("traces by words of prompts, p50", "ms", 100),
  start: less("start to listening", "ms", 2000, 1000),
  "idle-memory": less("idle memory of all processes", "MB", 480, 350),
  "idle-cpu": less("idle CPU", "%", 2, 0.5),
  "large-stored": info("100k-span trace: sent and stored", "ms"),
  "large-fetched": info("100k-span trace: fetched", "ms"),
  "large-exported": info("100k-span trace: exported as OTLP", "ms"),
  "analysis-50k": less("analysis of a 50,000-span trace, p50", "ms", 150, 75),
  "analysis-50k-first": less("the same, first call of a process, p50", "ms", 250, 150),
  "analysis-1k": less("analysis of a 1,000-span trace, p50", "ms", 5, 2),
  "compare-10k": less("comparison of two 10,000-span traces, p50", "ms", 30, 10),
  "preload-start": less("preload: added to the start of a program", "ms", 80, 40),
  "preload-start-auto": info("the same by auto-instrumentations-node", "ms"),
  "preload-span": less("preload: CPU per span in the program", "µs", 30, 15),
  "preload-span-auto": info("the same by auto-instrumentations-node", "µs"),
  "python-start": info("Python: CPU added to the start of an empty program", "ms"),
  "python-start-auto": info("the same by opentelemetry-instrument", "ms"),
  "python-libraries": info("Python: the same where it loads requests, httpx and openai", "ms"),
  "python-libraries-auto": info("the same by opentelemetry-instrument", "ms"),
  "python-span": info("Python: CPU per span in the program", "µs"),
  "python-span-auto": info("the same by opentelemetry-instrument", "µs"),
  "gateway-p50": less("gateway at 500 requests/s: added to a call, p50", "ms", 0.5, 0.25),
  "gateway-p99": less("gateway at 500 requests/s: added to a call, p99", "ms", 5, 2),
  "gateway-cpu": less("gateway at 500 requests/s: CPU per request", "ms", 0.35, 0.26),
  "gateway-rps": {
    what: "gateway: requests on one core",
    unit: "1/s",
    better: "more",
    must: 6000,
    aim: 11_000,
  },
  "gateway-chunk": less("gateway: added to a piece of a stream, p50", "ms", 0.08, 0.04),
  "gateway-memory": less("gateway: peak memory", "MB", 250, 180),
  "gateway-plain-p50": info("plain proxy on node:http: added to a call, p50", "ms"),
  "gateway-plain-p99": info("plain proxy on node:http: added to a call, p99", "ms"),
  "gateway-plain-cpu": info("plain proxy on node:http: CPU per request", "ms"),
  "gateway-plain-rps": info("plain proxy on node:http: requests on one core", "1/s"),
  "gateway-plain-chunk": info("plain proxy on node:http: added to a piece of a stream, p50", "ms"),
  "gateway-portkey-p50": info("Portkey's gateway: added to a call, p50", "ms"),
  "gateway-portkey-p99": info("Portkey's gateway: added to a call, p99", "ms"),
  "gateway-portkey-cpu": info("Portkey's gateway: CPU per request", "ms"),
  "gateway-portkey-rps": info("Portkey's gateway: requests on one core", "1/s"),
  "gateway-portkey-chunk": info("Portkey's gateway: added to a piece of a stream, p50", "ms"),
  "ui-js": less("page: scripts before the first view, gz", "KB", 165, 130),
  "ui-css": less("page: styles before the first view, gz", "KB", 20),
  "ui-trace-js": less("page: scripts that waterfall, lanes, graph and flame load on top, gz", "KB", 60),
  "ui-shell": less("page: from navigation until it can be used", "ms", 600),
  "ui-shell-4x": less("the same on a processor a quarter as fast", "ms", 1500),
  "ui-id-jump": less("page: from a pasted id to its trace, p95", "ms", 150),
  "ui-1k": less("1,000-span trace: from response to painted rows, p50", "ms", 60),
  "ui-50k": less("50,000-span trace: from response to painted rows, p50", "ms", 250, 120),
  "ui-50k-4x": less("the same on a processor a quarter as fast", "ms", 800),
  "ui-50k-task": less("the same: longest task from the response on", "ms", 120),
  "ui-50k-size": less("50,000-span trace: response, gz", "KB", 1000),
  "ui-50k-server": less("50,000-span trace: answered by the server, p95", "ms", 400),
  "ui-scroll": less("50,000 spans scrolled: frame p95", "ms", 20, 17),
  "ui-scroll-4x": less("the same on a processor a quarter as fast", "ms", 40),
  "ui-zoom": less("50,000 spans zoomed and panned: frame p95", "ms", 20, 17),
  "ui-zoom-4x": less("the same on a processor a quarter as fast", "ms", 40),
  "ui-long-tasks": less("tasks over 50 ms while scrolling and zooming", "tasks", 0, 0),
  "ui-find": less("find in 50,000 spans: scripts per keystroke, p95", "ms", 30),
  "ui-lanes-50k": less("lanes of 50,000 spans: painted anew, p50", "ms", 4),
  "ui-lanes-100k": less("lanes of 100,000 spans: painted anew, p50", "ms", 8),
  "ui-heap-50k": less("page with a 50,000-span trace: JavaScript heap", "MB", 120),
  "ui-heap-100k": less("page with a 100,000-span trace: JavaScript heap", "MB", 220),
  "ui-live-visible": less("live page at 200 traces/s: from acknowledged to visible, p95", "ms", 1000),
  "ui-live-cpu": less("live page at 200 traces/s: CPU of its process", "%", 15),
  generator: info("the generator alone, 100 spans a request", "spans/s"),
} as const satisfies Record<string, Budget>;

export type FigureName = keyof typeof BUDGETS;

/** One measured value; `note` says what else was seen. */
export interface Figure {
  readonly name: FigureName;
  /** NaN when it could not be measured; the note says why. */
  readonly value: number;
  readonly note?: string;
}

export type Mark = "aim" | "ok" | "over" | "failed" | "";

export function markOf(figure: Figure): Mark {
  const budget: Budget = BUDGETS[figure.name];
  if (Number.isNaN(figure.value)) return "failed";
  const within = (limit: number): boolean =>
    budget.better === "less" ? figure.value <= limit : figure.value >= limit;
  if (budget.must === undefined) return "";
  if (budget.aim !== undefined && within(budget.aim)) return "aim";
  return within(budget.must) ? "ok" : "over";
}

function less(what: string, unit: string, must: number, aim?: number) {
  return { what, unit, better: "less", must, ...(aim !== undefined && { aim }) } as const;
}

function info(what: string, unit: string) {
  return { what, unit, better: "less" } as const;
}
