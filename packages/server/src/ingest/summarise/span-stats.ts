import type { SpanColumns } from "../encode/span-columns.ts";
import { type Columns, nativeBlock, resetColumns } from "../native/block.ts";
import { FixedColumn, LowCardinalityColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import type { Understood } from "../understand/understand.ts";
import { Buckets } from "./buckets.ts";
import { KeyedRows } from "./keyed-rows.ts";
import type { SpanTimes } from "./span-times.ts";

const FIVE_MINUTES = 300;
const STATUS_ERROR = 2;
const KEY_WIDTH = 8;
const SMALL = 1 << 12;

/** Sums over spans that are alike. */
class Sums {
  calls = 0;
  errors = 0;
  /** Of nanoseconds; the words are added up apart. */
  durationHi = 0;
  durationLo = 0;
  inputTokens = 0;
  outputTokens = 0;
  costUsd = 0;
}

/**
 * The rows of table `span_stats` for one batch: spans that have ended, added up by service, agent and so on; the
 * same as `sql/summaries/span-stats.sql` says of the same spans.
 */
export class SpanStats {
  readonly #rows = new KeyedRows(KEY_WIDTH);
  readonly #key = new Int32Array(KEY_WIDTH);
  readonly #buckets = new Buckets(FIVE_MINUTES);
  #sums: Sums[] = [];
  /** Those that tell rows apart are written when a row is new, the others at the end. */
  readonly #keys = {
    bucket: new FixedColumn("DateTime('UTC')", 4, SMALL),
    service_name: new LowCardinalityColumn(),
    agent_name: new LowCardinalityColumn(),
    model: new LowCardinalityColumn(),
    tool_name: new LowCardinalityColumn(),
    span_type: new LowCardinalityColumn(),
    kind: new FixedColumn("UInt8", 1, SMALL),
    duration_bucket: new FixedColumn("UInt8", 1, SMALL),
  };
  readonly #values = {
    call_count: new FixedColumn("UInt64", 8, SMALL),
    error_count: new FixedColumn("UInt64", 8, SMALL),
    duration_sum_ns: new FixedColumn("UInt64", 8, SMALL),
    input_tokens: new FixedColumn("UInt64", 8, SMALL),
    output_tokens: new FixedColumn("UInt64", 8, SMALL),
    cost_usd: new FixedColumn("Float64", 8, SMALL),
  };
  readonly #receivedDay = new ConstantColumn("Date", 2);

  get rows(): number {
    return this.#rows.count;
  }

  /** A span that has ended, which is the last row of `columns`. */
  add(
    times: SpanTimes,
    service: string,
    kind: number,
    statusCode: number,
    of: Understood,
    columns: SpanColumns,
  ): void {
    const sums = this.#sumsOf(times, service, kind, of, columns);
    sums.calls++;
    if (statusCode === STATUS_ERROR) sums.errors++;
    if (times.durationHi >= 0) {
      sums.durationHi += times.durationHi;
      sums.durationLo += times.durationLo;
    }
    if (of.usageCounts === 1) {
      sums.inputTokens += of.inputTokens;
      sums.outputTokens += of.outputTokens;
      sums.costUsd += of.costUsd;
    }
  }

  /** In the Native format; valid until `reset`. */
  block(day: number): Uint8Array[] {
    const to = this.#values;
    resetColumns(to);
    for (const sums of this.#sums) {
      to.call_count.u64(sums.calls);
      to.error_count.u64(sums.errors);
      const carried = sums.durationHi + Math.floor(sums.durationLo / 4294967296);
      to.duration_sum_ns.data.u64(sums.durationLo % 4294967296, carried % 4294967296);
      to.input_tokens.u64(sums.inputTokens);
      to.output_tokens.u64(sums.outputTokens);
      to.cost_usd.f64(sums.costUsd);
    }
    this.#receivedDay.set(BigInt(day), this.rows);
    return nativeBlock(this.#all, this.rows);
  }

  reset(): void {
    resetColumns(this.#all);
    this.#rows.reset();
    this.#sums = [];
  }

  get #all(): Columns {
    return { ...this.#keys, received_day: this.#receivedDay, ...this.#values };
  }

  #sumsOf(times: SpanTimes, service: string, kind: number, of: Understood, columns: SpanColumns): Sums {
    const key = this.#key;
    columns.keyOfLast(key);
    key[5] = kind;
    key[6] = this.#buckets.of(times.startHi, times.startLo);
    key[7] = durationBucket(times.durationHi, times.durationLo);
    const row = this.#rows.find(key);
    if (row === this.#sums.length) {
      this.#sums.push(new Sums());
      const to = this.#keys;
      to.bucket.u32(key[6] >>> 0);
      to.service_name.string(service);
      to.agent_name.string(of.agentName);
      to.model.string(of.model);
      to.tool_name.string(of.toolName);
      to.span_type.string(of.spanType);
      to.kind.u8(kind & 255);
      to.duration_bucket.u8(key[7]);
    }
    return this.#sums[row]!;
  }
}

/** floor(4 * log2(duration + 1)); 0 for a span that ended before it began. */
function durationBucket(hi: number, lo: number): number {
  return hi < 0 ? 0 : Math.floor(4 * Math.log2(hi * 4294967296 + (lo + 1)));
}
