import type { TraceMetrics } from "../../query/prometheus/trace-metrics.ts";
import type { ApiOptions } from "../api-options.ts";
import type { Family, NumberFamily } from "./family.ts";
import type { RisingSums } from "./rising-sums.ts";

const SIGNALS = ["traces", "logs", "metrics"] as const;
const STATES = ["starting", "ready", "restarting", "closed"] as const;

/** What the server knows of itself: what `clew status` shows, and how far the figures of spans are. */
export function serverFamilies(options: ApiOptions, metrics: TraceMetrics, refused: RisingSums): Family[] {
  const { version, queries, isReady } = options;
  const { state } = queries.storeStatus;
  return [
    gauge("clew_build_info", "1, with the version of the server.", ["version"], [[[version], 1]]),
    one("gauge", "clew_ready", "Whether the server takes what it is sent.", Number(isReady())),
    gauge(
      "clew_store_state",
      "1 for the state that the store is in.",
      ["state"],
      STATES.map((each) => [[each], Number(each === state)]),
    ),
    ...receivedFamilies(options, refused),
    ...storedFamilies(options, metrics),
    ...figureFamilies(metrics),
  ];
}

function receivedFamilies({ ingest }: ApiOptions, refused: RisingSums): Family[] {
  const { signals, refusals } = ingest.counters();
  refused.update(refusals.map(({ reason, count }) => [reason, count]));
  const bySignal = (figure: "requests" | "records" | "rejected") =>
    SIGNALS.map((signal) => [[signal], signals[signal][figure]] as const);
  const labels = ["signal"];
  return [
    counter("clew_received_requests", "Requests that the receivers took.", labels, bySignal("requests")),
    counter("clew_received_records", "Records that the receivers took.", labels, bySignal("records")),
    counter(
      "clew_rejected_records",
      "Records of requests taken that cannot be stored.",
      labels,
      bySignal("rejected"),
    ),
    counter(
      "clew_refused_requests",
      "Requests that the receivers refused.",
      ["reason"],
      Array.from(refused.totals, ([reason, count]) => [[reason], count] as const),
    ),
  ];
}

function storedFamilies({ pipelineStatus }: ApiOptions, { stored, tables }: TraceMetrics): Family[] {
  const pipeline = pipelineStatus?.();
  const labels = ["table"];
  return [
    counter(
      "clew_stored_records",
      "Records that were brought into the store.",
      ["signal"],
      [
        [["traces"], stored.spans],
        [["logs"], stored.logs],
        [["metrics"], stored.metricPoints],
      ],
    ),
    one("counter", "clew_duplicate_records", "Records that came again and count once.", pipeline?.duplicates),
    one("gauge", "clew_log_bytes", "Bytes in the durable log that are not stored yet.", pipeline?.logBytes),
    one(
      "gauge",
      "clew_storing_stuck",
      "1 while what is in the durable log cannot be stored.",
      pipeline && Number(pipeline.trouble !== undefined),
    ),
    gauge(
      "clew_store_rows",
      "Rows of the store's tables.",
      labels,
      tables.map(({ table, rows }) => [[table], rows]),
    ),
    gauge(
      "clew_store_disk_bytes",
      "Bytes on disk of the store's tables.",
      labels,
      tables.map(({ table, diskBytes }) => [[table], diskBytes]),
    ),
  ];
}

function figureFamilies(metrics: TraceMetrics): Family[] {
  const { spans, agents, requests } = metrics;
  return [
    one("gauge", "clew_metrics_pending_spans", "Stored spans that no figure has yet.", metrics.pendingSpans),
    one(
      "counter",
      "clew_metrics_skipped_spans",
      "Stored spans that no figure will have.",
      metrics.skippedSpans,
    ),
    one("counter", "clew_metrics_failures", "Times that the store could not be asked.", metrics.failures),
    counter(
      "clew_metrics_left_out_calls",
      "Calls in no series, because there would be too many series.",
      ["metrics"],
      [
        [["spans"], spans.table.leftOut],
        [["requests"], requests.table.leftOut],
        [["operations"], agents.operations.leftOut],
        [["usage"], agents.usage.leftOut],
      ],
    ),
  ];
}

type Numbers = NumberFamily["series"];

function gauge(name: string, help: string, labels: readonly string[], series: Numbers): Family {
  return { kind: "gauge", name, help, labels, series };
}

function counter(name: string, help: string, labels: readonly string[], series: Numbers): Family {
  return { kind: "counter", name, help, labels, series };
}

function one(kind: NumberFamily["kind"], name: string, help: string, value: number | undefined): Family {
  return { kind, name, help, labels: [], series: value === undefined ? [] : [[[], value]] };
}
