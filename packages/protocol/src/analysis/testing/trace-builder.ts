import { NO_PARENT, PARENT_MISSING, SPAN_FLAG, type TraceColumns } from "../../api/trace-columns.ts";

/** A span with what is below it; times are milliseconds. */
export interface Sketch {
  readonly name: string;
  /** Since the trace's beginning; as the caller where not said. */
  readonly at?: number;
  readonly took?: number;
  /** As the caller's where not said. */
  readonly service?: string;
  readonly agent?: string;
  readonly type?: string;
  readonly kind?: "server" | "client" | "producer" | "consumer";
  readonly model?: string;
  readonly tool?: string;
  readonly tokens?: readonly [input: number, output: number];
  readonly costMicro?: number;
  /** Why it failed. */
  readonly error?: string;
  readonly status?: number;
  readonly running?: true;
  /** Its parent was named and is not there. */
  readonly orphan?: true;
  /** Sixteen hex characters; counted up where not said. */
  readonly id?: string;
  /** Ids of spans of the same trace. */
  readonly linkedTo?: readonly string[];
  readonly below?: readonly Sketch[];
}

const KINDS = { server: 2, client: 3, producer: 4, consumer: 5 } as const;

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

/** The API's answer for these spans: sorted by start, then by id. Tokens count where a span has any. */
export function traceOf(...tops: readonly Sketch[]): TraceColumns {
  const spans = flat(tops);
  const byTime = spans.map((_, at) => at).sort((a, b) => spans[a]!.at - spans[b]!.at || a - b);
  const rowOf = new Map(byTime.map((at, row) => [at, row]));
  const sorted = byTime.map((at) => spans[at]!);
  const column = (read: (sketch: Sketch) => string | undefined) => {
    const texts = [...new Set(["", ...sorted.map(({ sketch }) => read(sketch) ?? "")])];
    const index = new Map(texts.map((text, at) => [text, at]));
    return { texts, rows: sorted.map(({ sketch }) => index.get(read(sketch) ?? "") ?? 0) };
  };
  const numbers = (read: (sketch: Sketch) => number | undefined): number[] =>
    sorted.map(({ sketch }) => read(sketch) ?? 0);
  const name = column(({ name }) => name);
  const services = [...new Set(["", ...sorted.map(({ service }) => service)])];
  const type = column(({ type }) => type);
  const agent = column(({ agent }) => agent);
  const model = column(({ model }) => model);
  const tool = column(({ tool }) => tool);
  const err = column(({ error }) => error);
  const end = Math.max(0, ...sorted.slice(0, 10_000).map(({ at, sketch }) => at + (sketch.took ?? 0)));
  return {
    v: 1,
    traceId: TRACE_ID,
    t0Nanos: "1795282125978000000",
    t0Ms: 1_795_282_125_978,
    durMs: end,
    dict: {
      name: name.texts,
      service: services,
      type: type.texts,
      agent: agent.texts,
      provider: [""],
      model: model.texts,
      tool: tool.texts,
      err: err.texts,
    },
    n: sorted.length,
    id: sorted.map(({ id }) => id),
    parent: sorted.map(({ parent, sketch }) =>
      parent < 0 ? (sketch.orphan ? PARENT_MISSING : NO_PARENT) : rowOf.get(parent)!,
    ),
    start: sorted.map(({ at }) => at * 1000),
    dur: numbers(({ took = 0 }) => took * 1000),
    name: name.rows,
    kind: numbers(({ kind }) => (kind === undefined ? 1 : KINDS[kind])),
    service: sorted.map(({ service }) => services.indexOf(service)),
    type: type.rows,
    agent: agent.rows,
    provider: numbers(() => 0),
    model: model.rows,
    tool: tool.rows,
    status: numbers(({ error, status }) => status ?? (error === undefined ? 0 : 2)),
    err: err.rows,
    tokIn: numbers(({ tokens }) => tokens?.[0]),
    tokOut: numbers(({ tokens }) => tokens?.[1]),
    tokCacheR: numbers(() => 0),
    tokCacheW: numbers(() => 0),
    tokReason: numbers(() => 0),
    costMicro: numbers(({ costMicro }) => costMicro),
    ttftUs: numbers(() => 0),
    flags: numbers(
      ({ tokens, running }) => (tokens ? SPAN_FLAG.counted : 0) | (running ? SPAN_FLAG.running : 0),
    ),
    links: sorted.flatMap(({ sketch }, row) =>
      (sketch.linkedTo ?? []).map((id) => [row, TRACE_ID, id] as const),
    ),
    ctx: { linkedTraces: [] },
  };
}

/** Row of the span with the name, the nth of them. */
export function rowOf(trace: TraceColumns, name: string, nth = 0): number {
  const rows = trace.name.flatMap((index, row) => (trace.dict.name[index] === name ? [row] : []));
  const row = rows[nth];
  if (row === undefined) throw new Error(`No span ${nth} is called ${name}`);
  return row;
}

interface Flat {
  readonly sketch: Sketch;
  readonly parent: number;
  readonly at: number;
  readonly service: string;
  readonly id: string;
}

function flat(tops: readonly Sketch[]): Flat[] {
  const spans: Flat[] = [];
  const waiting = [...tops].reverse().map((sketch) => ({ sketch, parent: -1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { sketch, parent } = next;
    const above = spans[parent];
    spans.push({
      sketch,
      parent,
      at: sketch.at ?? above?.at ?? 0,
      service: sketch.service ?? above?.service ?? "app",
      id: sketch.id ?? (spans.length + 1).toString(16).padStart(16, "0"),
    });
    const row = spans.length - 1;
    for (const child of [...(sketch.below ?? [])].reverse()) waiting.push({ sketch: child, parent: row });
  }
  return spans;
}
