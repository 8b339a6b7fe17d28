import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";

interface Sketch {
  readonly parent: number;
  /** Microseconds. */
  readonly start?: number;
  readonly dur?: number;
  readonly status?: number;
  readonly running?: boolean;
  readonly tokens?: number;
  readonly name?: string;
  readonly type?: string;
  readonly err?: string;
}

/** A trace as the API sends it, of which only so much matters. */
export function columns(spans: readonly Sketch[], durMs = 0): TraceColumns {
  const zeros = spans.map(() => 0);
  const names = ["", ...new Set(spans.map(({ name = "" }) => name).filter(Boolean))];
  const types = ["", ...new Set(spans.map(({ type = "" }) => type).filter(Boolean))];
  const errors = ["", ...new Set(spans.map(({ err = "" }) => err).filter(Boolean))];
  return {
    v: 1,
    traceId: "ab".repeat(16),
    t0Nanos: "1000000000000000",
    t0Ms: 1_000_000_000,
    durMs,
    dict: {
      name: names,
      service: [""],
      type: types,
      agent: [""],
      provider: [""],
      model: [""],
      tool: [""],
      err: errors,
    },
    n: spans.length,
    id: spans.map((_, at) => (at + 1).toString(16).padStart(16, "0")),
    parent: spans.map(({ parent }) => parent),
    start: spans.map(({ start = 0 }) => start),
    dur: spans.map(({ dur = 0 }) => dur),
    type: spans.map(({ type = "" }) => types.indexOf(type)),
    name: spans.map(({ name = "" }) => names.indexOf(name)),
    err: spans.map(({ err = "" }) => errors.indexOf(err)),
    status: spans.map(({ status = 0 }) => status),
    tokIn: spans.map(({ tokens = 0 }) => tokens),
    flags: spans.map(
      ({ running = false, tokens = 0 }) =>
        (running ? SPAN_FLAG.running : 0) | (tokens > 0 ? SPAN_FLAG.counted : 0),
    ),
    ...{ kind: zeros, service: zeros, agent: zeros, provider: zeros, model: zeros, tool: zeros },
    ...{
      tokOut: zeros,
      tokCacheR: zeros,
      tokCacheW: zeros,
      tokReason: zeros,
      costMicro: zeros,
      ttftUs: zeros,
    },
    links: [],
    ctx: { linkedTraces: [] },
  };
}
