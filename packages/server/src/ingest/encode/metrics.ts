import { blockSize, nativeBlock, resetColumns } from "../native/block.ts";
import { type Column, FixedColumn, LowCardinalityColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import { Wire } from "../wire.ts";
import { AttributeColumns, type AttributeContext } from "./attributes.ts";
import { METRIC_LEVEL } from "./key-table.ts";
import { PointColumns } from "./metric-columns.ts";
import { EXPONENTIAL_HISTOGRAM, GAUGE, HISTOGRAM, MetricPoint, SUM, SUMMARY } from "./metric-point.ts";
import type { Origin, Origins, Range } from "./origins.ts";
import { Ranges } from "./span-scanner.ts";
import { findOrigin } from "./spans.ts";

const KIND_TYPE =
  "Enum8('gauge' = 1, 'sum' = 2, 'histogram' = 3, 'exponential_histogram' = 4, 'summary' = 5)";

/** Kinds by the tag of the Metric field that holds their data. */
const KINDS: Readonly<Record<number, number>> = {
  42: GAUGE,
  58: SUM,
  74: HISTOGRAM,
  82: EXPONENTIAL_HISTOGRAM,
  90: SUMMARY,
};

export interface MetricEncoderOptions {
  readonly context: AttributeContext;
  readonly resources: Origins;
  readonly scopes: Origins;
}

/** Turns `ExportMetricsServiceRequest` bytes into rows of `metric_points`, one per data point. */
export class MetricEncoder {
  readonly #options: MetricEncoderOptions;
  readonly #wire = new Wire();
  readonly #point = new MetricPoint();
  /** Of the metric being read: its data messages of one kind, and its metadata. */
  readonly #data = new Ranges();
  readonly #metadataRanges = new Ranges();
  readonly #name: Range = { start: 0, end: 0 };
  readonly #description: Range = { start: 0, end: 0 };
  readonly #unit: Range = { start: 0, end: 0 };
  #kind = 0;
  #temporality = 0;
  #monotonic = 0;

  readonly #columns = {
    received_day: new ConstantColumn("Date", 2),
    batch_id: new ConstantColumn("UInt64", 8),
    name: new LowCardinalityColumn(),
    kind: new FixedColumn(KIND_TYPE, 1),
    unit: new LowCardinalityColumn(),
    description: new LowCardinalityColumn(),
    service_name: new LowCardinalityColumn(),
    resource_id: new FixedColumn("UInt64", 8),
    scope_id: new FixedColumn("UInt64", 8),
    aggregation_temporality: new FixedColumn("UInt8", 1),
    is_monotonic: new FixedColumn("UInt8", 1),
  };
  readonly #metadata: AttributeColumns;
  readonly #points: PointColumns;
  readonly #byName: Record<string, Column>;
  rows = 0;

  constructor(options: MetricEncoderOptions) {
    this.#options = options;
    this.#metadata = new AttributeColumns(options.context, METRIC_LEVEL, false);
    this.#points = new PointColumns(options.context);
    this.#byName = {
      ...this.#columns,
      metadata: this.#metadata.attributes,
      metadata_types: this.#metadata.types,
      ...this.#points.columns,
    };
  }

  get size(): number {
    return blockSize(this.#byName);
  }

  /** Adds the data points of one request that passed `inspect`; a metric without any leaves no row. */
  add(body: Buffer, day: number): void {
    const wire = this.#wire;
    wire.reset(body, 0);
    while (wire.pos < body.length) {
      const tag = wire.tag(body.length);
      if (tag === 10) this.#resourceMetrics(body, wire.enter(body.length), day);
      else wire.skip(tag & 7, body.length);
    }
  }

  block(day: number, batchId: bigint): Uint8Array[] {
    this.#columns.received_day.set(BigInt(day), this.rows);
    this.#columns.batch_id.set(batchId, this.rows);
    return nativeBlock(this.#byName, this.rows);
  }

  reset(): void {
    resetColumns(this.#byName);
    this.#metadata.resetDictionaries();
    this.#points.resetDictionaries();
    this.rows = 0;
  }

  #resourceMetrics(body: Buffer, end: number, day: number): void {
    const wire = this.#wire;
    const resource = this.#origin(this.#options.resources, body, end, day);
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 18) this.#scopeMetrics(body, wire.enter(end), day, resource);
      else wire.skip(tag & 7, end);
    }
  }

  #scopeMetrics(body: Buffer, end: number, day: number, resource: Origin): void {
    const wire = this.#wire;
    const scope = this.#origin(this.#options.scopes, body, end, day);
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 18) this.#metric(body, wire.enter(end), resource, scope);
      else wire.skip(tag & 7, end);
    }
  }

  /** The resource or scope of the message in `[wire.pos, end)`, wherever in it that stands. */
  #origin(origins: Origins, body: Buffer, end: number, day: number): Origin {
    const begin = this.#wire.pos;
    const range = { start: begin, end: begin };
    const url = { start: begin, end: begin };
    findOrigin(this.#wire, end, range, url);
    this.#wire.pos = begin;
    return origins.find(body, range, url, day);
  }

  #metric(body: Buffer, end: number, resource: Origin, scope: Origin): void {
    const wire = this.#wire;
    this.#scanMetric(end);
    for (let i = 0; i < this.#data.count; i++) this.#scanData(this.#data.starts[i]!, this.#data.ends[i]!);
    for (let i = 0; i < this.#data.count; i++) {
      const dataEnd = this.#data.ends[i]!;
      wire.pos = this.#data.starts[i]!;
      while (wire.pos < dataEnd) {
        const tag = wire.tag(dataEnd);
        if (tag === 10) this.#row(body, wire.enter(dataEnd), resource, scope);
        else wire.skip(tag & 7, dataEnd);
      }
    }
    wire.pos = end;
  }

  /** Finds the fields of a Metric. Its data is a oneof: the last kind counts, and its messages are one. */
  #scanMetric(end: number): void {
    const wire = this.#wire;
    for (const range of [this.#name, this.#description, this.#unit]) range.start = range.end = wire.pos;
    this.#metadataRanges.count = 0;
    this.#data.count = 0;
    this.#kind = 0;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if ((tag & 7) !== 2) {
        wire.skip(tag & 7, end);
        continue;
      }
      const fieldEnd = wire.enter(end);
      const at = wire.pos;
      wire.pos = fieldEnd;
      const kind = KINDS[tag];
      if (kind !== undefined) {
        if (kind !== this.#kind) this.#data.count = 0;
        this.#kind = kind;
        this.#data.add(at, fieldEnd);
      } else if (tag === 98) this.#metadataRanges.add(at, fieldEnd);
      else if (tag === 10 || tag === 18 || tag === 26) {
        const range = tag === 10 ? this.#name : tag === 18 ? this.#description : this.#unit;
        range.start = at;
        range.end = fieldEnd;
      }
    }
    this.#temporality = 0;
    this.#monotonic = 0;
  }

  /** Reads what a metric's data says of all its points; it stands behind them. */
  #scanData(start: number, end: number): void {
    const wire = this.#wire;
    const kind = this.#kind;
    wire.pos = start;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 16 && kind !== GAUGE && kind !== SUMMARY) {
        wire.varint64(end);
        this.#temporality = wire.hi === 0 && wire.lo < 256 ? wire.lo : 0;
      } else if (tag === 24 && kind === SUM) {
        wire.varint64(end);
        this.#monotonic = wire.lo === 0 && wire.hi === 0 ? 0 : 1;
      } else wire.skip(tag & 7, end);
    }
  }

  #row(body: Buffer, end: number, resource: Origin, scope: Origin): void {
    const to = this.#columns;
    this.#point.scan(this.#wire, end, this.#kind);
    to.name.bytes(body, this.#name.start, this.#name.end);
    to.kind.data.u8(this.#kind);
    to.unit.bytes(body, this.#unit.start, this.#unit.end);
    to.description.bytes(body, this.#description.start, this.#description.end);
    this.#metadata.row(body, this.#metadataRanges, undefined);
    to.service_name.string(resource.name);
    to.resource_id.data.u64(resource.idLo, resource.idHi);
    to.scope_id.data.u64(scope.idLo, scope.idHi);
    to.aggregation_temporality.data.u8(this.#temporality);
    to.is_monotonic.data.u8(this.#monotonic);
    this.#points.row(body, this.#point, this.#kind);
    this.rows++;
  }
}
