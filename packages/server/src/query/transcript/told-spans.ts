import { setImmediate } from "node:timers/promises";
import type { Conversation, GenAiSpan } from "@clew/protocol/genai/message";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { type ToolCall, toolCallOf } from "@clew/protocol/genai/tool-call";
import type { Store } from "../../store/store.ts";
import { Origins } from "../origins.ts";
import { restoreLog, type WholeLogRow } from "../restore-log.ts";
import { restoreSpan, type WholeSpanRow } from "../restore-span.ts";
import { EndedFirst } from "../running.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import type { TranscriptLimits } from "./transcript-limits.ts";

/** What a span tells. */
export interface ToldSpan {
  readonly conversation: Conversation;
  /** Undefined where it stands for none. */
  readonly toolCall: ToolCall | undefined;
  readonly statusMessage: string;
}

/** A trace and when its spans begin. */
export interface TraceExtent {
  readonly traceId: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const LOGS_EACH = 200;
/** How long messages are read at a stretch. */
const BUSY_MS = 20;

/** Reads what spans of one trace tell. Every method rejects with `BudgetSpent` when the budget is. */
export class ToldSpans {
  readonly #store: Store;
  readonly #trace: TraceExtent;
  readonly #budget: SearchBudget;
  readonly #limits: TranscriptLimits;
  readonly #origins: Origins;

  constructor(
    store: Store,
    trace: TraceExtent,
    budget: SearchBudget,
    limits: TranscriptLimits,
    signal: AbortSignal | undefined,
  ) {
    this.#store = store;
    this.#trace = trace;
    this.#budget = budget;
    this.#limits = limits;
    this.#origins = new Origins(store, signal);
  }

  /** Bytes of text by span id. */
  async sizes(spans: readonly string[]): Promise<Map<string, number>> {
    if (spans.length === 0) return new Map();
    const parameters = new Parameters();
    const rows = this.#spans(spans, parameters);
    const found = await this.#budget.run(
      (options) =>
        this.#store.query<{ readonly span: string; readonly bytes: number }>(
          statement("transcript-sizes", { rows }),
          options,
        ),
      parameters.values,
      "lookup",
    );
    return new Map(found.map(({ span, bytes }) => [span, bytes]));
  }

  /** By span id; of different spans with one id the last. Of those `withLogs` log records count too. */
  async read(spans: readonly string[], withLogs: ReadonlySet<string>): Promise<Map<string, ToldSpan>> {
    const told = new Map<string, ToldSpan>();
    if (spans.length === 0) return told;
    const parameters = new Parameters();
    const statementText = statement("whole-spans", { rows: this.#spans(spans, parameters) });
    const [rows, logs] = await Promise.all([
      this.#budget.run(
        (options) => this.#store.query<WholeSpanRow>(statementText, options),
        parameters.values,
        "lookup",
      ),
      this.#logs(spans.filter((span) => withLogs.has(span))),
    ]);
    await this.#origins.load(rows);
    const ended = new EndedFirst();
    let restMs = performance.now() + BUSY_MS;
    for (const row of rows) {
      if (!ended.keep(row)) continue;
      const scopeName = this.#origins.scope(row.scope_id).message?.name ?? "";
      const span: GenAiSpan = { ...restoreSpan(row), scopeName };
      told.set(row.span_id, {
        conversation: messagesOf(span, (logs.get(row.span_id) ?? []).map(restoreLog)),
        toolCall: toolCallOf(span),
        statusMessage: row.status_message,
      });
      if (performance.now() < restMs) continue;
      // Others use this thread too.
      await setImmediate();
      this.#budget.check();
      restMs = performance.now() + BUSY_MS;
    }
    return told;
  }

  async #logs(spans: readonly string[]): Promise<Map<string, WholeLogRow[]>> {
    if (spans.length === 0) return new Map();
    const parameters = new Parameters();
    const ids = parameters.bind("Array(String)", spans);
    const most = parameters.bind("UInt64", this.#limits.mostSpanBytes);
    const each = parameters.bind("UInt32", LOGS_EACH);
    const rows = andAll([
      fragment`logs.trace_id = toFixedString(unhex(${parameters.bind("String", this.#trace.traceId)}), 16)`,
      fragment`logs.span_id IN (SELECT toFixedString(unhex(arrayJoin(${ids})), 8))`,
      fragment`startsWith(event_name, 'gen_ai.') OR startsWith(attributes['event.name'], 'gen_ai.')`,
      fragment`length(body) + arraySum(arrayMap(value -> length(value), mapValues(content))) <= ${most}`,
    ]);
    const order = fragment`ORDER BY time LIMIT ${each} BY logs.span_id`;
    const found = await this.#budget.run(
      (options) => this.#store.query<WholeLogRow>(statement("whole-logs", { rows, order }), options),
      parameters.values,
      "lookup",
    );
    return Map.groupBy(found, (row) => row.span_id);
  }

  #spans(spans: readonly string[], parameters: Parameters): SqlFragment {
    const { traceId, fromNs, toNs } = this.#trace;
    const trace = fragment`toFixedString(unhex(${parameters.bind("String", traceId)}), 16)`;
    const ids = parameters.bind("Array(String)", spans);
    return andAll([
      fragment`start_time >= fromUnixTimestamp64Nano(${parameters.bind("Int64", fromNs)}, 'UTC')`,
      fragment`start_time <= fromUnixTimestamp64Nano(${parameters.bind("Int64", toNs)}, 'UTC')`,
      fragment`xxHash32(spans.trace_id) = xxHash32(${trace})`,
      fragment`spans.trace_id = ${trace}`,
      fragment`spans.span_id IN (SELECT toFixedString(unhex(arrayJoin(${ids})), 8))`,
    ]);
  }
}
