import type { Bytes } from "../native/bytes.ts";
import {
  ArrayColumn,
  type Column,
  FixedColumn,
  LowCardinalityColumn,
  type MapColumn,
  type StringColumn,
} from "../native/columns.ts";
import { Wire, WireError } from "../wire.ts";
import { AttributeColumns, type AttributeContext } from "./attributes.ts";
import { METRIC_LEVEL } from "./key-table.ts";
import { MetricPoint, type Position, SUMMARY, zigzag } from "./metric-point.ts";
import type { Ranges } from "./span-scanner.ts";

const SUM_BIT = 1;
const MIN_BIT = 2;
const MAX_BIT = 4;

const time = () => new FixedColumn("DateTime64(9, 'UTC')", 8);
const array = (type: "Float64" | "UInt64") => new ArrayColumn(new FixedColumn(type, 8, 1 << 12));

/** Columns of `value`, `value_int` and `value_type`: a double, an int that is exact, or none. */
class ValueColumns {
  readonly value = new FixedColumn("Float64", 8);
  readonly valueInt = new FixedColumn("Int64", 8);
  readonly valueType = new LowCardinalityColumn();

  row(buf: Buffer, point: MetricPoint): void {
    const { value, valueInt } = point.at;
    if (valueInt >= 0) {
      this.value.data.f64(buf.readInt32LE(valueInt + 4) * 4294967296 + buf.readUInt32LE(valueInt));
      this.valueType.string("i");
    } else {
      this.value.copy(buf, value);
      this.valueType.string(value >= 0 ? "d" : "");
    }
    this.valueInt.copy(buf, valueInt);
  }
}

/** The columns of `metric_points` that come from the data point itself. */
export class PointColumns {
  readonly columns: Record<string, Column>;
  readonly #fixed: readonly (readonly [FixedColumn, Position])[];
  readonly #value = new ValueColumns();
  readonly #flags = new FixedColumn("UInt32", 4);
  readonly #scale = new FixedColumn("Int32", 4);
  readonly #present = new FixedColumn("UInt8", 1);
  readonly #attributes: AttributeColumns;
  readonly #bounds = array("Float64");
  readonly #counts = array("UInt64");
  readonly #positive = new BucketColumns();
  readonly #negative = new BucketColumns();
  readonly #quantiles = array("Float64");
  readonly #quantileValues = array("Float64");
  readonly #exemplars: ExemplarColumns;
  readonly #wire = new Wire();

  constructor(context: AttributeContext) {
    this.#attributes = new AttributeColumns(context, METRIC_LEVEL, false);
    this.#exemplars = new ExemplarColumns(context);
    const once = {
      start_time: [time(), "startTime"],
      time: [time(), "time"],
      count: [new FixedColumn("UInt64", 8), "count"],
      sum: [new FixedColumn("Float64", 8), "sum"],
      min: [new FixedColumn("Float64", 8), "min"],
      max: [new FixedColumn("Float64", 8), "max"],
      zero_count: [new FixedColumn("UInt64", 8), "zeroCount"],
      zero_threshold: [new FixedColumn("Float64", 8), "zeroThreshold"],
    } as const;
    this.#fixed = Object.values(once);
    this.columns = {
      ...Object.fromEntries(Object.entries(once).map(([name, [column]]) => [name, column])),
      attributes: this.#attributes.attributes,
      attribute_types: this.#attributes.types,
      flags: this.#flags,
      value: this.#value.value,
      value_int: this.#value.valueInt,
      value_type: this.#value.valueType,
      present: this.#present,
      explicit_bounds: this.#bounds,
      bucket_counts: this.#counts,
      scale: this.#scale,
      positive_offset: this.#positive.offset,
      positive_bucket_counts: this.#positive.counts,
      negative_offset: this.#negative.offset,
      negative_bucket_counts: this.#negative.counts,
      quantiles: this.#quantiles,
      quantile_values: this.#quantileValues,
      ...this.#exemplars.columns,
    };
  }

  row(buf: Buffer, point: MetricPoint, kind: number): void {
    const { at, runs } = point;
    for (const [column, position] of this.#fixed) column.copy(buf, at[position]);
    this.#value.row(buf, point);
    this.#flags.data.u32(point.flags);
    this.#scale.data.u32(point.scale);
    // The sum of a summary is not optional: absent on the wire, it is 0.
    const hasSum = at.sum >= 0 || kind === SUMMARY;
    this.#present.data.u8((hasSum ? SUM_BIT : 0) | (at.min >= 0 ? MIN_BIT : 0) | (at.max >= 0 ? MAX_BIT : 0));
    this.#attributes.row(buf, runs.attributes, undefined);
    eightByteNumbers(this.#bounds, buf, runs.explicitBounds);
    eightByteNumbers(this.#counts, buf, runs.bucketCounts);
    this.#positive.row(buf, runs.positive);
    this.#negative.row(buf, runs.negative);
    this.#quantileRow(buf, runs.quantiles);
    this.#exemplars.row(buf, runs.exemplars);
  }

  resetDictionaries(): void {
    this.#attributes.resetDictionaries();
    this.#exemplars.resetDictionaries();
  }

  #quantileRow(buf: Buffer, messages: Ranges): void {
    const wire = this.#wire;
    for (let i = 0; i < messages.count; i++) {
      const end = messages.ends[i]!;
      let quantileAt = -1;
      let valueAt = -1;
      wire.reset(buf, messages.starts[i]!);
      try {
        while (wire.pos < end) {
          const tag = wire.tag(end);
          if (tag === 9) quantileAt = wire.fixed64(end);
          else if (tag === 17) valueAt = wire.fixed64(end);
          else wire.skip(tag & 7, end);
        }
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
      this.#quantiles.items.copy(buf, quantileAt);
      this.#quantileValues.items.copy(buf, valueAt);
    }
    this.#quantiles.offsets.row(messages.count);
    this.#quantileValues.offsets.row(messages.count);
  }
}

/** Offset and counts of one side of an exponential histogram. */
class BucketColumns {
  readonly offset = new FixedColumn("Int32", 4);
  readonly counts = array("UInt64");
  readonly #wire = new Wire();

  /** `messages` has one Buckets message or none; more are parts of one, as protobuf merges them. */
  row(buf: Buffer, messages: Ranges): void {
    const wire = this.#wire;
    const out = this.counts.items.data;
    const before = out.length;
    let offset = 0;
    for (let i = 0; i < messages.count; i++) {
      const end = messages.ends[i]!;
      wire.reset(buf, messages.starts[i]!);
      try {
        while (wire.pos < end) {
          const tag = wire.tag(end);
          if (tag === 8) {
            wire.varint64(end);
            offset = zigzag(wire.lo);
          } else if (tag === 16) this.#count(out, end);
          else if (tag === 18) {
            const runEnd = wire.enter(end);
            while (wire.pos < runEnd) this.#count(out, runEnd);
          } else wire.skip(tag & 7, end);
        }
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
    this.offset.data.u32(offset);
    this.counts.offsets.row((out.length - before) / 8);
  }

  #count(out: Bytes, end: number): void {
    this.#wire.varint64(end);
    out.u64(this.#wire.lo, this.#wire.hi);
  }
}

/** The columns `exemplars.*`. */
class ExemplarColumns {
  readonly columns: Record<string, ArrayColumn<Column>>;
  readonly #value = new ValueColumns();
  readonly #time = time();
  readonly #traceId = new FixedColumn("FixedString(16)", 16, 1 << 10);
  readonly #spanId = new FixedColumn("FixedString(8)", 8, 1 << 10);
  readonly #attributes: AttributeColumns;
  readonly #point = new MetricPoint();
  readonly #wire = new Wire();

  constructor(context: AttributeContext) {
    this.#attributes = new AttributeColumns(context, METRIC_LEVEL, false);
    const maps: MapColumn = this.#attributes.attributes;
    const types: StringColumn = this.#attributes.types;
    this.columns = {
      "exemplars.time": new ArrayColumn(this.#time),
      "exemplars.value": new ArrayColumn(this.#value.value),
      "exemplars.value_int": new ArrayColumn(this.#value.valueInt),
      "exemplars.value_type": new ArrayColumn(this.#value.valueType),
      "exemplars.trace_id": new ArrayColumn(this.#traceId),
      "exemplars.span_id": new ArrayColumn(this.#spanId),
      "exemplars.attributes": new ArrayColumn(maps),
      "exemplars.attribute_types": new ArrayColumn(types),
    };
  }

  /** The exemplars of one data point; a damaged one is kept as far as it can be read. */
  row(buf: Buffer, messages: Ranges): void {
    const point = this.#point;
    for (let i = 0; i < messages.count; i++) {
      this.#wire.reset(buf, messages.starts[i]!);
      point.scanExemplar(this.#wire, messages.ends[i]!);
      this.#time.copy(buf, point.at.time);
      this.#value.row(buf, point);
      this.#traceId.copy(buf, point.lastOf("traceId", 16));
      this.#spanId.copy(buf, point.lastOf("spanId", 8));
      this.#attributes.row(buf, point.runs.attributes, undefined);
    }
    for (const column of Object.values(this.columns)) column.offsets.row(messages.count);
  }

  resetDictionaries(): void {
    this.#attributes.resetDictionaries();
  }
}

/** One row of `to`: the numbers of all runs. Bytes that are no whole number at a run's end are left out. */
function eightByteNumbers(to: ArrayColumn<FixedColumn>, buf: Buffer, runs: Ranges): void {
  let count = 0;
  for (let i = 0; i < runs.count; i++) {
    const start = runs.starts[i]!;
    const n = Math.floor((runs.ends[i]! - start) / 8);
    to.items.data.copy(buf, start, start + n * 8);
    count += n;
  }
  to.offsets.row(count);
}
