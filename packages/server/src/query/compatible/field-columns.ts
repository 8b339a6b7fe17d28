import type { IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import { fragment, type SqlFragment } from "../sql.ts";

/** Tables that values of fields are read from. */
export type FieldTable = "spans" | "traces" | "scopes";

/** A field whose values are worth listing, and the column it is stored in. */
export interface FieldColumn {
  readonly table: FieldTable;
  readonly value: SqlFragment;
}

const SPAN_FIELDS: Readonly<Partial<Record<IntrinsicName, SqlFragment>>> = {
  "span:name": fragment`spans.name`,
  "span:statusMessage": fragment`status_message`,
  "event:name": fragment`arrayJoin(events.name)`,
  "agent:name": fragment`agent_name`,
  "agent:id": fragment`agent_id`,
  "agent:type": fragment`span_type`,
  "agent:model": fragment`model`,
  "agent:provider": fragment`provider`,
  "agent:tool": fragment`tool_name`,
  "agent:error_type": fragment`error_type`,
  "agent:session": fragment`session_id`,
  "agent:conversation": fragment`conversation_id`,
  "agent:task": fragment`task_id`,
  "agent:test_case": fragment`test_case_id`,
  "agent:test_run": fragment`test_run_id`,
  "agent:user": fragment`user_id`,
};

const TRACE_FIELDS: Readonly<Partial<Record<IntrinsicName, SqlFragment>>> = {
  "trace:rootName": fragment`root_name`,
  "trace:rootService": fragment`root_service`,
};

const SCOPE_FIELDS: Readonly<Partial<Record<IntrinsicName, SqlFragment>>> = {
  "instrumentation:name": fragment`scopes.name`,
  "instrumentation:version": fragment`version`,
};

/** Undefined for fields that are numbers, or different for every span. */
export function fieldColumn(name: IntrinsicName): FieldColumn | undefined {
  for (const [table, fields] of [
    ["spans", SPAN_FIELDS],
    ["traces", TRACE_FIELDS],
    ["scopes", SCOPE_FIELDS],
  ] as const) {
    const value = fields[name];
    if (value !== undefined) return { table, value };
  }
  return undefined;
}
