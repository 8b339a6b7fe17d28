import { blockSize, nativeBlock, resetColumns } from "../native/block.ts";
import { type Column, FixedColumn, LowCardinalityColumn, StringColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import { newUnderstood, SLOT_COUNT, type Understand } from "../understand/understand.ts";
import { Wire, WireError } from "../wire.ts";
import { anyValueText } from "./any-value-text.ts";
import { AttributeColumns, type AttributeContext } from "./attributes.ts";
import { LOG_LEVEL } from "./key-table.ts";
import type { Origin, Origins } from "./origins.ts";
import { Slots } from "./slots.ts";
import { CorrelationColumns } from "./span-columns.ts";
import { Ranges } from "./span-scanner.ts";
import { findOrigin } from "./spans.ts";

export interface LogEncoderOptions {
  readonly context: AttributeContext;
  readonly resources: Origins;
  readonly scopes: Origins;
  readonly understand: Understand;
}

/** Turns `ExportLogsServiceRequest` bytes into rows of `logs`. */
export class LogEncoder {
  readonly #options: LogEncoderOptions;
  readonly #understood = newUnderstood();
  readonly #slots = new Slots(SLOT_COUNT);
  readonly #wire = new Wire();
  readonly #ranges = new Ranges();
  readonly #day = new ConstantColumn("Date", 2);
  readonly #batch = new ConstantColumn("UInt64", 8);
  readonly #time = new FixedColumn("DateTime64(9, 'UTC')", 8);
  readonly #observed = new FixedColumn("DateTime64(9, 'UTC')", 8);
  readonly #trace = new FixedColumn("FixedString(16)", 16);
  readonly #span = new FixedColumn("FixedString(8)", 8);
  readonly #flags = new FixedColumn("UInt32", 4);
  readonly #severity = new FixedColumn("UInt8", 1);
  readonly #severityText = new LowCardinalityColumn();
  readonly #eventName = new LowCardinalityColumn();
  readonly #body = new StringColumn();
  readonly #bodyType = new LowCardinalityColumn();
  readonly #service = new LowCardinalityColumn();
  readonly #resource = new FixedColumn("UInt64", 8);
  readonly #scope = new FixedColumn("UInt64", 8);
  readonly #attributes: AttributeColumns;
  readonly #dropped = new FixedColumn("UInt32", 4);
  readonly #ids = new CorrelationColumns();
  readonly #byName: Record<string, Column>;
  rows = 0;

  constructor(options: LogEncoderOptions) {
    this.#options = options;
    this.#attributes = new AttributeColumns(options.context, LOG_LEVEL, true);
    this.#byName = {
      received_day: this.#day,
      batch_id: this.#batch,
      time: this.#time,
      observed_time: this.#observed,
      trace_id: this.#trace,
      span_id: this.#span,
      flags: this.#flags,
      severity_number: this.#severity,
      severity_text: this.#severityText,
      event_name: this.#eventName,
      body: this.#body,
      body_type: this.#bodyType,
      service_name: this.#service,
      resource_id: this.#resource,
      scope_id: this.#scope,
      attributes: this.#attributes.attributes,
      content: this.#attributes.content!,
      attribute_types: this.#attributes.types,
      dropped_attributes_count: this.#dropped,
      ...this.#ids.columns,
    };
  }

  get size(): number {
    return blockSize(this.#byName);
  }

  add(body: Buffer, day: number): void {
    const wire = this.#wire;
    wire.reset(body, 0);
    while (wire.pos < body.length) {
      const tag = wire.tag(body.length);
      if (tag === 10) this.#resourceLogs(body, wire.enter(body.length), day);
      else wire.skip(tag & 7, body.length);
    }
  }

  block(day: number, batchId: bigint): Uint8Array[] {
    this.#day.set(BigInt(day), this.rows);
    this.#batch.set(batchId, this.rows);
    return nativeBlock(this.#byName, this.rows);
  }

  reset(): void {
    resetColumns(this.#byName);
    this.#attributes.resetDictionaries();
    this.rows = 0;
  }

  #resourceLogs(body: Buffer, end: number, day: number): void {
    const wire = this.#wire;
    const begin = wire.pos;
    const range = { start: begin, end: begin };
    const url = { start: begin, end: begin };
    findOrigin(wire, end, range, url);
    const resource = this.#options.resources.find(body, range, url, day);
    wire.pos = begin;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 18) this.#scopeLogs(body, wire.enter(end), day, resource);
      else wire.skip(tag & 7, end);
    }
  }

  #scopeLogs(body: Buffer, end: number, day: number, resource: Origin): void {
    const wire = this.#wire;
    const begin = wire.pos;
    const range = { start: begin, end: begin };
    const url = { start: begin, end: begin };
    findOrigin(wire, end, range, url);
    const scope = this.#options.scopes.find(body, range, url, day);
    wire.pos = begin;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag !== 18) wire.skip(tag & 7, end);
      else this.#record(body, wire.enter(end), resource, scope);
    }
  }

  #record(body: Buffer, end: number, resource: Origin, scope: Origin): void {
    const wire = this.#wire;
    let timeAt = -1;
    let observedAt = -1;
    let traceAt = -1;
    let spanAt = -1;
    let flags = 0;
    let severity = 0;
    let dropped = 0;
    const severityText = { start: 0, end: 0 };
    const eventName = { start: 0, end: 0 };
    const value = { start: -1, end: -1 };
    this.#ranges.count = 0;
    try {
      while (wire.pos < end) {
        const tag = wire.tag(end);
        if (tag === 9) timeAt = wire.fixed64(end);
        else if (tag === 89) observedAt = wire.fixed64(end);
        else if (tag === 69) flags = wire.fixed32(end);
        else if (tag === 16 || tag === 56) {
          wire.varint64(end);
          if (tag === 16) severity = wire.hi === 0 && wire.lo < 256 ? wire.lo : 0;
          else dropped = wire.lo;
        } else if ((tag & 7) === 2) {
          const fieldEnd = wire.enter(end);
          const at = wire.pos;
          wire.pos = fieldEnd;
          if (tag === 26) Object.assign(severityText, { start: at, end: fieldEnd });
          else if (tag === 42) Object.assign(value, { start: at, end: fieldEnd });
          else if (tag === 50) this.#ranges.add(at, fieldEnd);
          else if (tag === 74 && fieldEnd - at === 16) traceAt = at;
          else if (tag === 82 && fieldEnd - at === 8) spanAt = at;
          else if (tag === 98) Object.assign(eventName, { start: at, end: fieldEnd });
        } else wire.skip(tag & 7, end);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      wire.pos = end;
    }
    // A time beyond what the store can hold would sort the record out of sight.
    if (timeAt >= 0 && body[timeAt + 7]! > 127) timeAt = -1;
    if (observedAt >= 0 && body[observedAt + 7]! > 127) observedAt = -1;
    this.#time.copy(body, timeAt);
    this.#observed.copy(body, observedAt);
    this.#trace.copy(body, traceAt);
    this.#span.copy(body, spanAt);
    this.#flags.u32(flags);
    this.#severity.u8(severity);
    this.#severityText.bytes(body, severityText.start, severityText.end);
    this.#eventName.bytes(body, eventName.start, eventName.end);
    this.#bodyValue(body, value.start, value.end);
    this.#service.string(resource.name);
    this.#resource.data.u64(resource.idLo, resource.idHi);
    this.#scope.data.u64(scope.idLo, scope.idHi);
    this.#attributes.row(body, this.#ranges, this.#slots);
    for (const [slot, rank, text] of resource.slots) this.#slots.offer(slot, rank, text);
    this.#dropped.u32(dropped);
    this.#correlation(scope);
    this.rows++;
  }

  #bodyValue(buf: Buffer, start: number, end: number): void {
    if (start < 0) {
      this.#body.empty();
      this.#bodyType.push(0);
      return;
    }
    const { code, text } = anyValueText(buf, start, end);
    this.#body.string(text);
    this.#bodyType.string(code);
  }

  #correlation(scope: Origin): void {
    if (this.#slots.empty) {
      this.#ids.emptyRow();
      return;
    }
    this.#options.understand(this.#slots.values, "", scope.name, this.#understood);
    this.#slots.clear();
    this.#ids.row(this.#understood);
  }
}
