import { type Column, FixedColumn, LowCardinalityColumn, StringColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import type { Understood } from "../understand/understand.ts";
import { AttributeColumns, type AttributeContext } from "./attributes.ts";
import { SPAN_LEVEL } from "./key-table.ts";
import { EventColumns, LinkColumns } from "./nested-columns.ts";

/** The columns of table `spans`, in memory. */
export class SpanColumns {
  readonly received_day = new ConstantColumn("Date", 2);
  readonly batch_id = new ConstantColumn("UInt64", 8);
  readonly start_time = new FixedColumn("DateTime64(9, 'UTC')");
  readonly duration_ns = new FixedColumn("Int64");
  readonly trace_id = new FixedColumn("FixedString(16)");
  readonly span_id = new FixedColumn("FixedString(8)");
  readonly parent_span_id = new FixedColumn("FixedString(8)");
  readonly trace_state = new StringColumn();
  readonly flags = new FixedColumn("UInt32");
  readonly name = new LowCardinalityColumn();
  readonly kind = new FixedColumn("UInt8");
  readonly status_code = new FixedColumn("UInt8");
  readonly status_message = new StringColumn();
  readonly service_name = new LowCardinalityColumn();
  readonly resource_id = new FixedColumn("UInt64");
  readonly scope_id = new FixedColumn("UInt64");
  readonly attributes: AttributeColumns;
  readonly dropped_attributes_count = new FixedColumn("UInt32");
  readonly events: EventColumns;
  readonly dropped_events_count = new FixedColumn("UInt32");
  readonly links: LinkColumns;
  readonly dropped_links_count = new FixedColumn("UInt32");
  readonly understood = new UnderstoodColumns();

  constructor(context: AttributeContext) {
    this.attributes = new AttributeColumns(context, SPAN_LEVEL, true);
    this.events = new EventColumns(context);
    this.links = new LinkColumns(context);
  }

  /** By column name, as a block needs them. */
  byName(): Record<string, Column> {
    const { attributes, events, links, understood, ...plain } = this;
    return {
      ...plain,
      attributes: attributes.attributes,
      content: attributes.content!,
      attribute_types: attributes.types,
      ...events.columns,
      ...links.columns,
      ...understood.columns,
    };
  }

  resetDictionaries(): void {
    this.attributes.resetDictionaries();
    this.events.resetDictionaries();
    this.links.resetDictionaries();
  }
}

/** The normalised columns: what the translators made of a span's attributes. */
class UnderstoodColumns {
  readonly #lowCardinality = {
    span_type: new LowCardinalityColumn(),
    agent_name: new LowCardinalityColumn(),
    agent_id: new LowCardinalityColumn(),
    provider: new LowCardinalityColumn(),
    model: new LowCardinalityColumn(),
    tool_name: new LowCardinalityColumn(),
    error_type: new LowCardinalityColumn(),
  };
  readonly #tokens = {
    input_tokens: new FixedColumn("UInt32"),
    output_tokens: new FixedColumn("UInt32"),
    cache_read_tokens: new FixedColumn("UInt32"),
    cache_write_tokens: new FixedColumn("UInt32"),
    reasoning_tokens: new FixedColumn("UInt32"),
  };
  readonly #cost = new FixedColumn("Float64");
  readonly #timeToFirstToken = new FixedColumn("UInt64");
  readonly #usageCounts = new FixedColumn("UInt8");
  readonly #ids = new CorrelationColumns();
  readonly columns: Record<string, Column> = {
    ...this.#lowCardinality,
    ...this.#tokens,
    cost_usd: this.#cost,
    time_to_first_token_ns: this.#timeToFirstToken,
    usage_counts: this.#usageCounts,
    ...this.#ids.columns,
  };

  row(of: Understood): void {
    const text = this.#lowCardinality;
    text.span_type.string(of.spanType);
    text.agent_name.string(of.agentName);
    text.agent_id.string(of.agentId);
    text.provider.string(of.provider);
    text.model.string(of.model);
    text.tool_name.string(of.toolName);
    text.error_type.string(of.errorType);
    const tokens = this.#tokens;
    tokens.input_tokens.data.u32(of.inputTokens);
    tokens.output_tokens.data.u32(of.outputTokens);
    tokens.cache_read_tokens.data.u32(of.cacheReadTokens);
    tokens.cache_write_tokens.data.u32(of.cacheWriteTokens);
    tokens.reasoning_tokens.data.u32(of.reasoningTokens);
    this.#cost.data.f64(of.costUsd);
    this.#timeToFirstToken.data.u64Number(of.timeToFirstTokenNs);
    this.#usageCounts.data.u8(of.usageCounts);
    this.#ids.row(of);
  }

  /** A span without anything to understand. */
  emptyRow(): void {
    for (const column of Object.values(this.#lowCardinality)) column.push(0);
    for (const column of Object.values(this.#tokens)) column.data.u32(0);
    this.#cost.data.u64(0, 0);
    this.#timeToFirstToken.data.u64(0, 0);
    this.#usageCounts.data.u8(0);
    this.#ids.emptyRow();
  }
}

/** The ids that tie spans and log records to a session, task or test case. */
export class CorrelationColumns {
  readonly #session = new StringColumn();
  readonly #conversation = new StringColumn();
  readonly #task = new StringColumn();
  readonly #testCase = new StringColumn();
  readonly #testRun = new StringColumn();
  readonly #user = new StringColumn();
  readonly columns: Record<string, Column> = {
    session_id: this.#session,
    conversation_id: this.#conversation,
    task_id: this.#task,
    test_case_id: this.#testCase,
    test_run_id: this.#testRun,
    user_id: this.#user,
  };

  row(of: Understood): void {
    this.#session.data.string(of.sessionId);
    this.#conversation.data.string(of.conversationId);
    this.#task.data.string(of.taskId);
    this.#testCase.data.string(of.testCaseId);
    this.#testRun.data.string(of.testRunId);
    this.#user.data.string(of.userId);
  }

  emptyRow(): void {
    this.#session.data.u8(0);
    this.#conversation.data.u8(0);
    this.#task.data.u8(0);
    this.#testCase.data.u8(0);
    this.#testRun.data.u8(0);
    this.#user.data.u8(0);
  }
}
