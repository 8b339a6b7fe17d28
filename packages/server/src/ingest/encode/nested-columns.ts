import type { Bytes } from "../native/bytes.ts";
import {
  ArrayColumn,
  type Column,
  FixedColumn,
  LowCardinalityColumn,
  type MapColumn,
  Offsets,
  StringColumn,
} from "../native/columns.ts";
import { Wire, WireError } from "../wire.ts";
import { AttributeColumns, type AttributeContext } from "./attributes.ts";
import { EVENT_LEVEL, LINK_LEVEL } from "./key-table.ts";
import { Ranges } from "./span-scanner.ts";

/** The columns `events.*` of spans. */
export class EventColumns {
  readonly columns: Record<string, Column>;
  readonly #offsets = new Offsets();
  readonly #time = new ArrayColumn(new FixedColumn("DateTime64(9, 'UTC')", 8, 1 << 12), this.#offsets);
  readonly #name = new ArrayColumn(new LowCardinalityColumn(), this.#offsets);
  readonly #attributes: AttributeColumns;
  readonly #maps: ArrayColumn<MapColumn>;
  readonly #types: ArrayColumn<StringColumn>;
  readonly #dropped = new ArrayColumn(new FixedColumn("UInt32", 4, 1 << 10), this.#offsets);
  readonly #wire = new Wire();
  readonly #ranges = new Ranges();

  constructor(context: AttributeContext) {
    this.#attributes = new AttributeColumns(context, EVENT_LEVEL, false);
    this.#maps = new ArrayColumn(this.#attributes.attributes, this.#offsets);
    this.#types = new ArrayColumn(this.#attributes.types, this.#offsets);
    this.columns = {
      "events.time": this.#time,
      "events.name": this.#name,
      "events.attributes": this.#maps,
      "events.attribute_types": this.#types,
      "events.dropped_attributes_count": this.#dropped,
    };
  }

  /** The events of one span; a damaged one is kept as far as it can be read. */
  row(buf: Buffer, events: Ranges): void {
    for (let i = 0; i < events.count; i++) this.#event(buf, events.starts[i]!, events.ends[i]!);
    this.#offsets.row(events.count);
  }

  resetDictionaries(): void {
    this.#attributes.resetDictionaries();
  }

  #event(buf: Buffer, start: number, end: number): void {
    const wire = this.#wire;
    let timeAt = -1;
    let nameStart = 0;
    let nameEnd = 0;
    let dropped = 0;
    this.#ranges.count = 0;
    wire.reset(buf, start);
    try {
      while (wire.pos < end) {
        const tag = wire.tag(end);
        if (tag === 9) timeAt = wire.fixed64(end);
        else if (tag === 18) {
          nameEnd = wire.enter(end);
          nameStart = wire.pos;
          wire.pos = nameEnd;
        } else if (tag === 26) {
          const fieldEnd = wire.enter(end);
          this.#ranges.add(wire.pos, fieldEnd);
          wire.pos = fieldEnd;
        } else if (tag === 32) {
          wire.varint64(end);
          dropped = wire.lo;
        } else wire.skip(tag & 7, end);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    this.#time.items.copy(buf, timeAt);
    this.#name.items.bytes(buf, nameStart, nameEnd);
    this.#dropped.items.u32(dropped);
    this.#attributes.row(buf, this.#ranges, undefined);
  }
}

/** The columns `links.*` of spans. */
export class LinkColumns {
  readonly columns: Record<string, Column>;
  readonly #offsets = new Offsets();
  readonly #traceId = new ArrayColumn(new FixedColumn("FixedString(16)", 16, 1 << 10), this.#offsets);
  readonly #spanId = new ArrayColumn(new FixedColumn("FixedString(8)", 8, 1 << 10), this.#offsets);
  readonly #traceState = new ArrayColumn(new StringColumn(1 << 10), this.#offsets);
  readonly #flags = new ArrayColumn(new FixedColumn("UInt32", 4, 1 << 10), this.#offsets);
  readonly #attributes: AttributeColumns;
  readonly #maps: ArrayColumn<MapColumn>;
  readonly #types: ArrayColumn<StringColumn>;
  readonly #dropped = new ArrayColumn(new FixedColumn("UInt32", 4, 1 << 10), this.#offsets);
  readonly #wire = new Wire();
  readonly #ranges = new Ranges();

  constructor(context: AttributeContext) {
    this.#attributes = new AttributeColumns(context, LINK_LEVEL, false);
    this.#maps = new ArrayColumn(this.#attributes.attributes, this.#offsets);
    this.#types = new ArrayColumn(this.#attributes.types, this.#offsets);
    this.columns = {
      "links.trace_id": this.#traceId,
      "links.span_id": this.#spanId,
      "links.trace_state": this.#traceState,
      "links.flags": this.#flags,
      "links.attributes": this.#maps,
      "links.attribute_types": this.#types,
      "links.dropped_attributes_count": this.#dropped,
    };
  }

  /** Trace ids of all links, 16 bytes each. */
  get traceIds(): Bytes {
    return this.#traceId.items.data;
  }

  row(buf: Buffer, links: Ranges): void {
    for (let i = 0; i < links.count; i++) this.#link(buf, links.starts[i]!, links.ends[i]!);
    this.#offsets.row(links.count);
  }

  resetDictionaries(): void {
    this.#attributes.resetDictionaries();
  }

  #link(buf: Buffer, start: number, end: number): void {
    const wire = this.#wire;
    let traceAt = -1;
    let spanAt = -1;
    let stateStart = 0;
    let stateEnd = 0;
    let dropped = 0;
    let flags = 0;
    this.#ranges.count = 0;
    wire.reset(buf, start);
    try {
      while (wire.pos < end) {
        const tag = wire.tag(end);
        if (tag === 53) flags = wire.fixed32(end);
        else if (tag === 40) {
          wire.varint64(end);
          dropped = wire.lo;
        } else if ((tag & 7) === 2) {
          const fieldEnd = wire.enter(end);
          const length = fieldEnd - wire.pos;
          if (tag === 10 && length === 16) traceAt = wire.pos;
          else if (tag === 18 && length === 8) spanAt = wire.pos;
          else if (tag === 26) {
            stateStart = wire.pos;
            stateEnd = fieldEnd;
          } else if (tag === 34) this.#ranges.add(wire.pos, fieldEnd);
          wire.pos = fieldEnd;
        } else wire.skip(tag & 7, end);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    this.#traceId.items.copy(buf, traceAt);
    this.#spanId.items.copy(buf, spanAt);
    this.#traceState.items.bytes(buf, stateStart, stateEnd);
    this.#flags.items.u32(flags);
    this.#dropped.items.u32(dropped);
    this.#attributes.row(buf, this.#ranges, undefined);
  }
}
