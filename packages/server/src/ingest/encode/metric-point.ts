import { FIXED64, VARINT, type Wire, WireError } from "../wire.ts";
import { Ranges } from "./span-scanner.ts";

/** Kinds of metric by their value in the column `kind`. */
export const GAUGE = 1;
export const SUM = 2;
export const HISTOGRAM = 3;
export const EXPONENTIAL_HISTOGRAM = 4;
export const SUMMARY = 5;

/** Fields of eight bytes that occur once. */
export type Position =
  | "startTime"
  | "time"
  | "value"
  | "valueInt"
  | "count"
  | "sum"
  | "min"
  | "max"
  | "zeroCount"
  | "zeroThreshold";

/** Fields that are bytes, messages, or a run of eight-byte numbers (packed or one by one). */
export type Run =
  | "attributes"
  | "exemplars"
  | "bucketCounts"
  | "explicitBounds"
  | "quantiles"
  | "positive"
  | "negative"
  | "traceId"
  | "spanId";

type Varint = "flags" | "scale";

/** Names of a message's fields by their tags, field number and wire type in one. */
interface Layout {
  readonly positions: readonly (Position | undefined)[];
  readonly runs: readonly (Run | undefined)[];
  readonly varints: readonly (Varint | undefined)[];
}

function layout(
  positions: Readonly<Record<number, Position>>,
  runs: Readonly<Record<number, Run>>,
  varints: Readonly<Record<number, Varint>>,
): Layout {
  const byTag = <Name>(names: Readonly<Record<number, Name>>) =>
    Array.from({ length: 128 }, (_, tag) => names[tag]);
  return { positions: byTag(positions), runs: byTag(runs), varints: byTag(varints) };
}

const NUMBER = layout(
  { 17: "startTime", 25: "time", 33: "value", 49: "valueInt" },
  { 42: "exemplars", 58: "attributes" },
  { 64: "flags" },
);

const LAYOUTS: Readonly<Record<number, Layout>> = {
  [GAUGE]: NUMBER,
  [SUM]: NUMBER,
  [HISTOGRAM]: layout(
    { 17: "startTime", 25: "time", 33: "count", 41: "sum", 89: "min", 97: "max" },
    {
      49: "bucketCounts",
      50: "bucketCounts",
      57: "explicitBounds",
      58: "explicitBounds",
      66: "exemplars",
      74: "attributes",
    },
    { 80: "flags" },
  ),
  [EXPONENTIAL_HISTOGRAM]: layout(
    {
      17: "startTime",
      25: "time",
      33: "count",
      41: "sum",
      57: "zeroCount",
      97: "min",
      105: "max",
      113: "zeroThreshold",
    },
    { 10: "attributes", 66: "positive", 74: "negative", 90: "exemplars" },
    { 48: "scale", 80: "flags" },
  ),
  [SUMMARY]: layout(
    { 17: "startTime", 25: "time", 33: "count", 41: "sum" },
    { 50: "quantiles", 58: "attributes" },
    { 64: "flags" },
  ),
};

const EXEMPLAR = layout(
  { 17: "time", 25: "value", 49: "valueInt" },
  { 34: "spanId", 42: "traceId", 58: "attributes" },
  {},
);

const ABSENT: Readonly<Record<Position, number>> = {
  startTime: -1,
  time: -1,
  value: -1,
  valueInt: -1,
  count: -1,
  sum: -1,
  min: -1,
  max: -1,
  zeroCount: -1,
  zeroThreshold: -1,
};

/** Where the fields of a data point or an exemplar lie; of a damaged one, those before the damage. */
export class MetricPoint {
  /** Byte position of each field of eight bytes; -1 when absent. */
  readonly at: Record<Position, number> = { ...ABSENT };
  readonly runs: Readonly<Record<Run, Ranges>> = {
    attributes: new Ranges(),
    exemplars: new Ranges(),
    bucketCounts: new Ranges(),
    explicitBounds: new Ranges(),
    quantiles: new Ranges(),
    positive: new Ranges(),
    negative: new Ranges(),
    traceId: new Ranges(),
    spanId: new Ranges(),
  };
  flags = 0;
  scale = 0;

  /** Reads the data point in `[wire.pos, end)` of a metric of this kind; `wire.pos` is `end` afterwards. */
  scan(wire: Wire, end: number, kind: number): void {
    this.#scan(wire, end, LAYOUTS[kind]!);
  }

  scanExemplar(wire: Wire, end: number): void {
    this.#scan(wire, end, EXEMPLAR);
  }

  /** Position of the last field `run` that has `length` bytes; -1 when there is none. */
  lastOf(run: Run, length: number): number {
    const { starts, ends, count } = this.runs[run];
    for (let i = count - 1; i >= 0; i--) if (ends[i]! - starts[i]! === length) return starts[i]!;
    return -1;
  }

  #scan(wire: Wire, end: number, fields: Layout): void {
    Object.assign(this.at, ABSENT);
    for (const run of Object.values(this.runs)) run.count = 0;
    this.flags = 0;
    this.scale = 0;
    try {
      while (wire.pos < end) this.#field(wire, end, wire.tag(end), fields);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      wire.pos = end;
    }
    // A time beyond what the store can hold would sort the point out of sight.
    const { at } = this;
    if (at.time >= 0 && wire.buf[at.time + 7]! > 127) at.time = -1;
    if (at.startTime >= 0 && wire.buf[at.startTime + 7]! > 127) at.startTime = -1;
  }

  #field(wire: Wire, end: number, tag: number, fields: Layout): void {
    const position = fields.positions[tag];
    const run = fields.runs[tag];
    const varint = fields.varints[tag];
    const wireType = tag & 7;
    if (position !== undefined) {
      this.at[position] = wire.fixed64(end);
      if (position === "value") this.at.valueInt = -1;
      else if (position === "valueInt") this.at.value = -1;
    } else if (run !== undefined) {
      const fieldEnd = wireType === FIXED64 ? wire.fixed64(end) + 8 : wire.enter(end);
      const start = wireType === FIXED64 ? fieldEnd - 8 : wire.pos;
      this.runs[run].add(start, fieldEnd);
      wire.pos = fieldEnd;
    } else if (varint !== undefined && wireType === VARINT) {
      wire.varint64(end);
      this[varint] = varint === "scale" ? zigzag(wire.lo) : wire.lo;
    } else wire.skip(wireType, end);
  }
}

/** The signed value that protobuf's sint32 sends as this unsigned one. */
export function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
