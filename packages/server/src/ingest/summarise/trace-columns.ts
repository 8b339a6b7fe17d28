import { type Columns, nativeBlock, resetColumns } from "../native/block.ts";
import { ArrayColumn, FixedColumn, StringColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import { startOf } from "./buckets.ts";
import type { TraceSummary } from "./trace-summary.ts";

const SMALL = 1 << 12;

function number(type = "UInt64", width = 8): FixedColumn {
  return new FixedColumn(type, width, SMALL);
}

function text(): StringColumn {
  return new StringColumn(SMALL);
}

function texts(): ArrayColumn<StringColumn> {
  return new ArrayColumn(text());
}

/** The columns of table `traces`, in memory. */
export class TraceColumns {
  readonly #receivedDay = new ConstantColumn("Date", 2);
  readonly #columns = {
    bucket: number("DateTime('UTC')", 4),
    trace_id: number("FixedString(16)", 16),
    start_time: number("DateTime64(9, 'UTC')"),
    end_time: number("DateTime64(9, 'UTC')"),
    span_count: number(),
    error_count: number(),
    model_call_count: number(),
    tool_call_count: number(),
    root_name: text(),
    root_service: text(),
    root_status: number("UInt8", 1),
    root_duration_ns: number("Int64"),
    root_ended: number("UInt8", 1),
    services: texts(),
    agents: texts(),
    models: texts(),
    session_id: text(),
    conversation_id: text(),
    task_id: text(),
    test_case_id: text(),
    test_run_id: text(),
    user_id: text(),
    input_tokens: number(),
    output_tokens: number(),
    cache_read_tokens: number(),
    cost_usd: number("Float64"),
  };
  #rows = 0;

  get #all(): Columns {
    return { received_day: this.#receivedDay, ...this.#columns };
  }

  /** The trace's id stands in `ids` at `at`. */
  row(ids: Uint8Array, at: number, trace: TraceSummary): void {
    const to = this.#columns;
    to.bucket.u32(startOf(trace.startHi, trace.startLo, 60));
    to.trace_id.copy(ids, at);
    to.start_time.data.u64(trace.startLo, trace.startHi);
    to.end_time.data.u64(trace.endLo, trace.endHi);
    to.span_count.u64(trace.spanCount);
    to.error_count.u64(trace.errorCount);
    to.model_call_count.u64(trace.modelCallCount);
    to.tool_call_count.u64(trace.toolCallCount);
    to.root_name.bytes(trace.rootName, 0, trace.rootName.length);
    to.root_service.string(trace.rootService);
    to.root_status.u8(trace.rootStatus);
    to.root_duration_ns.data.u64(trace.rootDurationLo, trace.rootDurationHi);
    to.root_ended.u8(trace.rootEnded ? 1 : 0);
    list(to.services, trace.services);
    list(to.agents, trace.agents);
    list(to.models, trace.models);
    to.session_id.string(trace.sessionId);
    to.conversation_id.string(trace.conversationId);
    to.task_id.string(trace.taskId);
    to.test_case_id.string(trace.testCaseId);
    to.test_run_id.string(trace.testRunId);
    to.user_id.string(trace.userId);
    to.input_tokens.u64(trace.inputTokens);
    to.output_tokens.u64(trace.outputTokens);
    to.cache_read_tokens.u64(trace.cacheReadTokens);
    to.cost_usd.f64(trace.costUsd);
    this.#rows++;
  }

  /** Valid until `reset`. */
  block(day: number): Uint8Array[] {
    this.#receivedDay.set(BigInt(day), this.#rows);
    return nativeBlock(this.#all, this.#rows);
  }

  reset(): void {
    resetColumns(this.#all);
    this.#rows = 0;
  }
}

function list(column: ArrayColumn<StringColumn>, items: readonly string[]): void {
  for (const item of items) column.items.string(item);
  column.offsets.row(items.length);
}
