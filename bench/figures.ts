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
