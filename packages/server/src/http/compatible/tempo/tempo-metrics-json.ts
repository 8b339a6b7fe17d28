import type { MetricsAnswer, MetricsExemplar, MetricsSeries } from "@clew/protocol/api/metrics";
import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";

export type Answer = Omit<MetricsAnswer, "tookMs">;

/** `tempopb.QueryRangeResponse` as protobuf's JSON, with at most so many exemplars of all series. */
export function queryRangeJson(answer: Answer, mostExemplars: number): object {
  const { timesMs } = answer;
  const known = answer.series.filter(hasValues);
  const exemplars = sharedOut(known, mostExemplars);
  const series = known.map(({ labels, values }, at) => {
    const told = exemplars[at]!.flatMap((one) => exemplarJson(one, timesMs, values));
    return {
      labels: labels.map(labelJson),
      samples: values.flatMap((value, point) =>
        value === null ? [] : [{ timestampMs: wholeMs(timesMs[point]!), ...valueJson(value) }],
      ),
      ...(told.length > 0 && { exemplars: told }),
    };
  });
  return { series, ...statusJson(answer) };
}

/** `tempopb.QueryInstantResponse` as protobuf's JSON. */
export function queryInstantJson(answer: Answer): object {
  const series = answer.series.flatMap(({ labels, values: [value] }) =>
    typeof value === "number" ? [{ labels: labels.map(labelJson), ...valueJson(value) }] : [],
  );
  return { series, ...statusJson(answer) };
}

/** As in a search, `completedJobs` is left out when not everything was looked at. */
function statusJson({ partial, truncated }: Answer): object {
  const metrics = { ...(partial === undefined && { completedJobs: 1 }), totalJobs: 1 };
  const why = partial?.reason === "time" ? "takes longer than a query may" : "reads more than a query may";
  const messages = [
    ...(partial ? [`Looking at all spans ${why}; some are left out`] : []),
    ...(truncated ? [`These are ${truncated.shown} of ${truncated.total} series`] : []),
  ];
  return messages.length === 0 ? { metrics } : { metrics, status: "PARTIAL", message: messages.join(". ") };
}

function hasValues({ values }: MetricsSeries): boolean {
  return values.some((value) => value !== null);
}

function labelJson({ key = "", value }: KeyValue): KeyValue {
  return { key, value: value ?? text("nil") };
}

/** Protobuf's JSON leaves out what is 0. */
function valueJson(value: number): object {
  return value === 0 ? {} : { value };
}

/** One that measures nothing stands at the value of its series; none where that has no value. */
function exemplarJson(
  { traceId, spanId, timeMs, value }: MetricsExemplar,
  timesMs: readonly number[],
  values: readonly (number | null)[],
): object[] {
  const point = timesMs.findIndex((ms) => ms >= timeMs);
  const here = values[point] ?? null;
  if (here === null) return [];
  const labels = [
    { key: "trace:id", value: text(traceId) },
    { key: "span:id", value: text(spanId) },
  ];
  return [{ labels, ...valueJson(value ?? here), timestampMs: wholeMs(timeMs) }];
}

/** As many of each series, over all its time; the first series have more where it does not come out even. */
function sharedOut(series: readonly MetricsSeries[], most: number): (readonly MetricsExemplar[])[] {
  let left = most;
  return series.map(({ exemplars }, at) => {
    const share = Math.min(exemplars.length, Math.ceil(left / (series.length - at)));
    left -= share;
    return Array.from(
      { length: share },
      (_, index) => exemplars[Math.floor((index * exemplars.length) / share)]!,
    );
  });
}

function wholeMs(ms: number): string {
  return String(Math.floor(ms));
}

function text(stringValue: string): AnyValue {
  return { stringValue };
}
