import type { PlainSpan, PlainTrace } from "@clew/protocol/traceql/naive/plain-trace";
import type { Store } from "../../../store/store.ts";

/** The columns that translators fill, by the names that queries have for them. */
const COLUMNS = {
  "agent:name": "agent_name",
  "agent:id": "agent_id",
  "agent:type": "span_type",
  "agent:model": "model",
  "agent:provider": "provider",
  "agent:tool": "tool_name",
  "agent:input_tokens": "input_tokens",
  "agent:output_tokens": "output_tokens",
  "agent:cache_read_tokens": "cache_read_tokens",
  "agent:cache_write_tokens": "cache_write_tokens",
  "agent:reasoning_tokens": "reasoning_tokens",
  "agent:cost": "cost_usd",
  "agent:session": "session_id",
  "agent:error_type": "error_type",
} as const;

/** The traces with what ingest made of the attributes of their spans. */
export async function withStoredAgents(store: Store, traces: readonly PlainTrace[]): Promise<PlainTrace[]> {
  const rows = await store.query<Record<string, string | number>>(
    `SELECT lower(hex(span_id)) AS span, is_running, usage_counts, time_to_first_token_ns AS first, ${Object.values(COLUMNS).join()} FROM spans`,
  );
  const bySpan = new Map(rows.map((row) => [row.span, row]));
  return traces.map(({ traceId, spans }) => ({
    traceId,
    spans: spans.map((span) => {
      const row = bySpan.get(span.spanId)!;
      const stored = Object.entries(COLUMNS).map(([name, column]) => [name, row[column]]);
      const agent = {
        ...Object.fromEntries(stored),
        "agent:time_to_first_token": row.first,
        "agent:running": row.is_running === 1,
      } as PlainSpan["agent"];
      return { ...span, agent, repeatsUsage: row.usage_counts === 0 };
    }),
  }));
}
