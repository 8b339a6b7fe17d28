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
  readonly start_time = new FixedColumn("DateTime64(9, 'UTC')", 8);
  readonly duration_ns = new FixedColumn("Int64", 8);
  readonly trace_id = new FixedColumn("FixedString(16)", 16);
  readonly span_id = new FixedColumn("FixedString(8)", 8);
  readonly parent_span_id = new FixedColumn("FixedString(8)", 8);
  readonly trace_state = new StringColumn();
  readonly flags = new FixedColumn("UInt32", 4);
  readonly name = new LowCardinalityColumn();
  readonly kind = new FixedColumn("UInt8", 1);
  readonly status_code = new FixedColumn("UInt8", 1);
  readonly status_message = new StringColumn();
  readonly service_name = new LowCardinalityColumn();
  readonly resource_id = new FixedColumn("UInt64", 8);
  readonly scope_id = new FixedColumn("UInt64", 8);
  readonly attributes: AttributeColumns;
  readonly dropped_attributes_count = new FixedColumn("UInt32", 4);
  readonly events: EventColumns;
  readonly dropped_events_count = new FixedColumn("UInt32", 4);
  readonly links: LinkColumns;
  readonly dropped_links_count = new FixedColumn("UInt32", 4);
  readonly understood = new UnderstoodColumns();

  constructor(context: AttributeContext) {
    this.attributes = new AttributeColumns(context, SPAN_LEVEL, true);
    this.events = new EventColumns(context);
    this.links = new LinkColumns(context);
  }

  /** Fills in which service, agent, model, tool and type the last row has, as indexes that hold until the next block. */
  keyOfLast(key: Int32Array): void {
    key[0] = this.service_name.last;
    this.understood.keyOfLast(key);
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
    input_tokens: new FixedColumn("UInt32", 4),
    output_tokens: new FixedColumn("UInt32", 4),
    cache_read_tokens: new FixedColumn("UInt32", 4),
    cache_write_tokens: new FixedColumn("UInt32", 4),
    reasoning_tokens: new FixedColumn("UInt32", 4),
  };
  readonly #cost = new FixedColumn("Float64", 8);
  readonly #timeToFirstToken = new FixedColumn("UInt64", 8);
  readonly #usageCounts = new FixedColumn("UInt8", 1);
  readonly #isRunning = new FixedColumn("UInt8", 1);
  readonly #ids = new CorrelationColumns();
  readonly #all = Object.values(this.#lowCardinality);
  readonly #numbers = [
    ...Object.values(this.#tokens),
    this.#cost,
    this.#timeToFirstToken,
    this.#usageCounts,
    this.#isRunning,
  ];
  readonly columns: Record<string, Column> = {
    ...this.#lowCardinality,
    ...this.#tokens,
    cost_usd: this.#cost,
    time_to_first_token_ns: this.#timeToFirstToken,
    usage_counts: this.#usageCounts,
    is_running: this.#isRunning,
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
    tokens.input_tokens.u32(of.inputTokens);
    tokens.output_tokens.u32(of.outputTokens);
    tokens.cache_read_tokens.u32(of.cacheReadTokens);
    tokens.cache_write_tokens.u32(of.cacheWriteTokens);
    tokens.reasoning_tokens.u32(of.reasoningTokens);
    this.#cost.f64(of.costUsd);
    this.#timeToFirstToken.u64(of.timeToFirstTokenNs);
    this.#usageCounts.u8(of.usageCounts);
    this.#isRunning.u8(of.isRunning ? 1 : 0);
    this.#ids.row(of);
  }

  keyOfLast(key: Int32Array): void {
    const { agent_name, model, tool_name, span_type } = this.#lowCardinality;
    key[1] = agent_name.last;
    key[2] = model.last;
    key[3] = tool_name.last;
    key[4] = span_type.last;
  }

  /** A span without anything to understand. */
  emptyRow(): void {
    for (const column of this.#all) column.empty();
    for (const column of this.#numbers) column.zero();
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
    this.#session.string(of.sessionId);
    this.#conversation.string(of.conversationId);
    this.#task.string(of.taskId);
    this.#testCase.string(of.testCaseId);
    this.#testRun.string(of.testRunId);
    this.#user.string(of.userId);
  }

  emptyRow(): void {
    this.#session.empty();
    this.#conversation.empty();
    this.#task.empty();
    this.#testCase.empty();
    this.#testRun.empty();
    this.#user.empty();
  }
}
