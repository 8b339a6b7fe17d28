import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Store } from "../../store/store.ts";

export interface LinkSeed {
  readonly traceId: string;
  readonly spanId: string;
}

/** A row of `spans` by what matters to a test; the rest has the defaults of `SPAN`. */
export interface SpanSeed {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly start_ns: bigint;
  readonly duration_ns?: bigint;
  readonly name?: string;
  readonly kind?: number;
  readonly status_code?: number;
  readonly status_message?: string;
  readonly service_name?: string;
  readonly resource_id?: bigint;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content?: Readonly<Record<string, string>>;
  readonly links?: readonly LinkSeed[];
  readonly span_type?: string;
  readonly agent_name?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly tool_name?: string;
  readonly error_type?: string;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cost_usd?: number;
  readonly usage_counts?: number;
  readonly is_running?: 0 | 1;
  readonly session_id?: string;
  readonly conversation_id?: string;
  readonly task_id?: string;
  readonly test_case_id?: string;
  readonly test_run_id?: string;
  readonly user_id?: string;
}

const SPAN: Omit<Required<SpanSeed>, "trace_id" | "span_id" | "start_ns"> = {
  parent_span_id: "0000000000000000",
  duration_ns: 1_000_000n,
  name: "span",
  kind: 1,
  status_code: 0,
  status_message: "",
  service_name: "service",
  resource_id: 1n,
  attributes: {},
  content: {},
  links: [],
  span_type: "",
  agent_name: "",
  model: "",
  provider: "",
  tool_name: "",
  error_type: "",
  input_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  usage_counts: 0,
  is_running: 0,
  session_id: "",
  conversation_id: "",
  task_id: "",
  test_case_id: "",
  test_run_id: "",
  user_id: "",
};

const ROWS = `Array(Tuple(
  trace_id String, span_id String, parent_span_id String, start_ns String, duration_ns String, name String,
  kind UInt8, status_code UInt8, status_message String, service_name String, resource_id String,
  attributes Map(String, String), content Map(String, String), attribute_types String,
  links Array(Tuple(traceId String, spanId String)), span_type String, agent_name String, model String, provider String,
  tool_name String, error_type String, input_tokens UInt32, output_tokens UInt32, cost_usd Float64,
  usage_counts UInt8, is_running UInt8, session_id String, conversation_id String, task_id String, test_case_id String,
  test_run_id String, user_id String))`;

const INSERT = `
INSERT INTO spans (
  received_day, batch_id, start_time, duration_ns, trace_id, span_id, parent_span_id, name, kind, status_code,
  status_message, service_name, resource_id, attributes, content, attribute_types, links.trace_id,
  links.span_id, links.trace_state, links.flags, links.attributes, links.attribute_types,
  links.dropped_attributes_count, span_type, agent_name, model, provider, tool_name, error_type, input_tokens,
  output_tokens, cost_usd, usage_counts, is_running, session_id, conversation_id, task_id, test_case_id, test_run_id, user_id
)
SELECT
  toDate('2026-01-01'), {batch_id:UInt64}, fromUnixTimestamp64Nano(toInt64(row.start_ns), 'UTC'), toInt64(row.duration_ns),
  toFixedString(unhex(row.trace_id), 16), toFixedString(unhex(row.span_id), 8),
  toFixedString(unhex(row.parent_span_id), 8), row.name, row.kind, row.status_code, row.status_message,
  row.service_name, toUInt64(row.resource_id), row.attributes, row.content, row.attribute_types,
  arrayMap(link -> toFixedString(unhex(link.traceId), 16), row.links),
  arrayMap(link -> toFixedString(unhex(link.spanId), 8), row.links),
  arrayMap(link -> '', row.links), arrayMap(link -> 0, row.links),
  arrayMap(link -> map(), row.links)::Array(Map(LowCardinality(String), String)),
  arrayMap(link -> '', row.links), arrayMap(link -> 0, row.links),
  row.span_type, row.agent_name, row.model, row.provider, row.tool_name, row.error_type, row.input_tokens,
  row.output_tokens, row.cost_usd, row.usage_counts, row.is_running, row.session_id, row.conversation_id, row.task_id,
  row.test_case_id, row.test_run_id, row.user_id
FROM (SELECT arrayJoin(JSONExtract({rows:String}, '${ROWS}')) AS row)`;

/** What ingest writes beside the spans of a batch. */
const SUMMARIES = [
  ...["traces", "span-stats"].map((name) => {
    const file = new URL(`../../../sql/summaries/${name}.sql`, import.meta.url);
    return readFileSync(file, "utf8").replace("/*:which*/", "batch_id = {batch_id:UInt64}");
  }),
  `INSERT INTO trace_links
   SELECT DISTINCT received_day, trace_id, arrayJoin(links.trace_id) AS linked_trace_id
   FROM spans
   WHERE batch_id = {batch_id:UInt64} AND linked_trace_id != trace_id`,
];

/** Rows whose text fits into one statement. */
const ROWS_AT_ONCE = 300;

let batches = 0n;

/** Stores spans, up to 300 as one batch, which has summaries of its own. All attributes are strings. */
export async function insertSpans(store: Store, seeds: readonly SpanSeed[]): Promise<void> {
  for (let at = 0; at < seeds.length; at += ROWS_AT_ONCE)
    await insertRows(store, seeds.slice(at, at + ROWS_AT_ONCE));
}

async function insertRows(store: Store, seeds: readonly SpanSeed[]): Promise<void> {
  const rows = seeds.map((seed) => {
    const row = { ...SPAN, ...seed };
    const types =
      "s".repeat(Object.keys(row.attributes).length) + "S".repeat(Object.keys(row.content).length);
    return { ...row, attribute_types: types };
  });
  const text = JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
  batches += 1n;
  await store.command(INSERT, { parameters: { rows: text, batch_id: batches } });
  for (const sql of SUMMARIES) await store.command(sql, { parameters: { batch_id: batches } });
}

/** A resource with string attributes. */
export async function insertResource(
  store: Store,
  resourceId: bigint,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  await store.command(
    `INSERT INTO resources (received_day, resource_id, service_name, attributes)
     SELECT toDate('2026-01-01'), {id:UInt64}, {service:String}, JSONExtract({attributes:String}, 'Map(String, String)')`,
    {
      parameters: {
        id: resourceId,
        service: attributes["service.name"] ?? "",
        attributes: JSON.stringify(attributes),
      },
    },
  );
}

/** A trace id made from a name, so that tests can say which trace they mean. */
export function traceIdOf(name: string): string {
  return createHash("md5").update(name).digest("hex");
}

/** A span id made from a name. */
export function spanIdOf(name: string): string {
  return traceIdOf(name).slice(0, 16);
}
