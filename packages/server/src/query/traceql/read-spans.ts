import type { InstrumentationScope, Resource } from "@clew/protocol/otlp/model";
import type { Store } from "../../store/store.ts";
import { extentOf } from "../extent.ts";
import { Origins } from "../origins.ts";
import { andAll, fragment, type SqlFragment, statement } from "../sql.ts";
import type { TraceSummary } from "../trace-summary.ts";
import type { SearchBudget } from "./search-budget.ts";
import type { SearchPlan } from "./search-plan.ts";
import type { TraceView } from "./span-reader.ts";
import { type Columns, readColumn } from "./span-table.ts";
import { type TraceSpans, TraceTree } from "./trace-tree.ts";

/** A trace as it was read, with the rows of its spans in the columns of the answer. */
export interface ReadTrace extends TraceView {
  readonly columns: Columns;
  readonly rows: readonly number[];
  /** What a span comes from; told only where the plan needs it. */
  origin(span: number): SpanOrigin;
}

export interface SpanOrigin {
  readonly resource: Resource | undefined;
  readonly scope: InstrumentationScope | undefined;
}

interface SpanRows extends Columns {
  readonly trace: readonly string[];
  readonly span: readonly string[];
  readonly parent: readonly string[];
  readonly begins: readonly string[];
  readonly lasts: readonly string[];
  readonly running: readonly number[];
}

/** Reads the spans of some traces, those alone that `plan.rows` takes; traces without such a span are left out. */
export async function readSpans(
  store: Store,
  traces: readonly Pick<TraceSummary, "id" | "startNs" | "endNs">[],
  plan: SearchPlan,
  budget: SearchBudget,
): Promise<Map<string, ReadTrace>> {
  const { columns: wanted } = plan;
  const extent = extentOf(
    traces,
    (trace) => trace.startNs,
    (trace) => trace.endNs,
  );
  const bounds = { ids: traces.map(({ id }) => id).join(""), from_ns: extent.startNs, to_ns: extent.endNs };
  const sql = statement("traceql-spans", { columns: listed(plan), rows: andAll(rowsOf(plan)) });
  const bytes = await budget.run((options) => store.queryBytes(sql, "JSONColumns", options), {
    ...wanted.parameters.values,
    ...bounds,
  });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  const columns = JSON.parse(text) as SpanRows;
  const origins = new Origins(store);
  if (wanted.needsOrigins) await origins.load(originIds(columns));
  const messages = {
    resource: (id: string) => origins.resource(id).message,
    scope: (id: string) => origins.scope(id).message,
  };
  const byTrace = Map.groupBy(columns.trace.keys(), (row) => columns.trace[row]!);
  return new Map(
    [...byTrace].map(([traceId, all]) => {
      const rows = eachOnce(columns, all);
      const tree = new TraceTree(spansOf(columns, rows));
      const own: TraceView["own"] = (field, span) =>
        readColumn(field, wanted, columns, rows[span]!, messages);
      const origin: ReadTrace["origin"] = (span) => ({
        resource: messages.resource(String(columns.resource?.[rows[span]!])),
        scope: messages.scope(String(columns.scope?.[rows[span]!])),
      });
      return [traceId, { traceId, tree, columns, rows, own, origin, beat: budget.beat }];
    }),
  );
}

function listed({ columns }: SearchPlan): SqlFragment {
  const origins = columns.needsOrigins
    ? fragment`, toString(resource_id) AS resource, toString(scope_id) AS scope`
    : fragment``;
  return columns.columns.reduce(
    // The names are numbered by the plan.
    (sql, [name, expression]) => fragment`${sql}, ${expression} AS ${name as SqlFragment}`,
    origins,
  );
}

/** What was told of a span while it ran may be taken where the span itself is not: then both have to be seen. */
function rowsOf({ rows }: SearchPlan): SqlFragment[] {
  if (rows === undefined) return [];
  const told = fragment`SELECT trace_id FROM spans
    PREWHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
      AND toStartOfFifteenMinutes(start_time) <= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC'))
      AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\\\C{16}')
    WHERE is_running = 1`;
  return [fragment`(${rows}) OR trace_id IN (${told})`];
}

function originIds(columns: SpanRows): { resource_id: string; scope_id: string }[] {
  const { resource = [], scope = [] } = columns as Columns;
  const pairs = new Map(resource.map((id, row) => [`${id} ${scope[row]}`, row]));
  return [...pairs.values()].map((row) => ({
    resource_id: String(resource[row]),
    scope_id: String(scope[row]),
  }));
}

/** Rows by start and then by id, without those sent twice and what was told of spans that have ended since. */
function eachOnce(columns: SpanRows, rows: readonly number[]): number[] {
  const { span, begins, lasts, running } = columns;
  const compare = (a: number, b: number): number => {
    if (begins[a] !== begins[b]) return BigInt(begins[a]!) < BigInt(begins[b]!) ? -1 : 1;
    if (span[a] !== span[b]) return span[a]! < span[b]! ? -1 : 1;
    return running[a]! - running[b]!;
  };
  const sorted = rows.toSorted(compare);
  const kept: number[] = [];
  let lengths = new Set<string>();
  for (const row of sorted) {
    const last = kept.at(-1);
    const isSame = last !== undefined && span[last] === span[row] && begins[last] === begins[row];
    if (!isSame) lengths = new Set();
    else if (running[row] === 1 || lengths.has(lasts[row]!)) continue;
    lengths.add(lasts[row]!);
    kept.push(row);
  }
  return kept;
}

function spansOf(columns: SpanRows, rows: readonly number[]): TraceSpans {
  return {
    count: rows.length,
    ids: rows.map((row) => columns.span[row]!),
    parentIds: rows.map((row) => columns.parent[row]!),
    starts: rows.map((row) => BigInt(columns.begins[row]!)),
    durations: rows.map((row) => BigInt(columns.lasts[row]!)),
  };
}
