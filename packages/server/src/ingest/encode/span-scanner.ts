import { allZero, type Wire } from "../wire.ts";

/** A span's name is an index entry, not a document. */
export const MAX_NAME_BYTES = 65_536;

/** Growing list of byte ranges, re-used from span to span. */
export class Ranges {
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  count = 0;

  add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

/**
 * Where the fields of one OTLP Span lie in a request. It looks at the span's own fields only, not into its
 * attributes, events and links, so that receivers can afford it before they acknowledge.
 */
export class SpanScanner {
  traceAt = 0;
  traceLength = 0;
  spanAt = 0;
  spanLength = 0;
  parentAt = 0;
  parentLength = 0;
  stateStart = 0;
  stateEnd = 0;
  nameStart = 0;
  nameEnd = 0;
  /** Byte positions of the two times; -1 when absent, which is time 0. */
  startAt = -1;
  endAt = -1;
  flags = 0;
  kind = 0;
  statusCode = 0;
  messageStart = 0;
  messageEnd = 0;
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;
  readonly attributes = new Ranges();
  readonly events = new Ranges();
  readonly links = new Ranges();

  /** Reads the span in `[wire.pos, end)`; throws WireError when its fields do not fit into it. */
  scan(wire: Wire, end: number): void {
    this.#clear();
    while (wire.pos < end) {
      const tag = wire.tag(end);
      switch (tag) {
        case 10:
          this.traceLength = wire.enter(end) - (this.traceAt = wire.pos);
          wire.pos += this.traceLength;
          break;
        case 18:
          this.spanLength = wire.enter(end) - (this.spanAt = wire.pos);
          wire.pos += this.spanLength;
          break;
        case 26:
          this.stateEnd = wire.enter(end);
          this.stateStart = wire.pos;
          wire.pos = this.stateEnd;
          break;
        case 34:
          this.parentLength = wire.enter(end) - (this.parentAt = wire.pos);
          wire.pos += this.parentLength;
          break;
        case 42:
          this.nameEnd = wire.enter(end);
          this.nameStart = wire.pos;
          wire.pos = this.nameEnd;
          break;
        case 48:
          wire.varint64(end);
          this.kind = wire.hi === 0 && wire.lo < 256 ? wire.lo : 0;
          break;
        case 57:
          this.startAt = wire.fixed64(end);
          break;
        case 65:
          this.endAt = wire.fixed64(end);
          break;
        case 74: {
          const fieldEnd = wire.enter(end);
          this.attributes.add(wire.pos, fieldEnd);
          wire.pos = fieldEnd;
          break;
        }
        case 80:
          wire.varint64(end);
          this.droppedAttributes = wire.lo;
          break;
        case 90: {
          const fieldEnd = wire.enter(end);
          this.events.add(wire.pos, fieldEnd);
          wire.pos = fieldEnd;
          break;
        }
        case 96:
          wire.varint64(end);
          this.droppedEvents = wire.lo;
          break;
        case 106: {
          const fieldEnd = wire.enter(end);
          this.links.add(wire.pos, fieldEnd);
          wire.pos = fieldEnd;
          break;
        }
        case 112:
          wire.varint64(end);
          this.droppedLinks = wire.lo;
          break;
        case 122:
          this.#status(wire, wire.enter(end));
          break;
        case 133:
          this.flags = wire.fixed32(end);
          break;
        default:
          wire.skip(tag & 7, end);
      }
    }
  }

  /** Why the span cannot be stored, '' when it can. */
  problem(buf: Buffer): string {
    if (this.traceLength !== 16 || allZero(buf, this.traceAt, 16)) {
      return `trace id must be 16 bytes that are not all zero (got ${describeId(this.traceLength, 16)})`;
    }
    if (this.spanLength !== 8 || allZero(buf, this.spanAt, 8)) {
      return `span id must be 8 bytes that are not all zero (got ${describeId(this.spanLength, 8)})`;
    }
    if (this.nameEnd - this.nameStart > MAX_NAME_BYTES) {
      return `name has ${this.nameEnd - this.nameStart} bytes, at most ${MAX_NAME_BYTES} are allowed`;
    }
    if (this.startAt >= 0 && buf[this.startAt + 7]! > 127)
      return "start time is negative or after the year 2262";
    if (this.endAt >= 0 && buf[this.endAt + 7]! > 127) return "end time is negative or after the year 2262";
    return "";
  }

  /** What is odd about a span that is stored all the same, '' when nothing is. */
  warning(buf: Buffer): string {
    if (this.parentLength !== 0 && this.parentLength !== 8) {
      return `parent span id has ${this.parentLength} bytes instead of 8 and is left out`;
    }
    if (this.endAt >= 0 && this.startAt >= 0 && endsBeforeStart(buf, this.startAt, this.endAt)) {
      return "ends before it starts; kept with a duration of zero";
    }
    return "";
  }

  #status(wire: Wire, end: number): void {
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 18) {
        this.messageEnd = wire.enter(end);
        this.messageStart = wire.pos;
        wire.pos = this.messageEnd;
      } else if (tag === 24) {
        wire.varint64(end);
        this.statusCode = wire.hi === 0 && wire.lo < 256 ? wire.lo : 0;
      } else wire.skip(tag & 7, end);
    }
  }

  #clear(): void {
    this.traceLength = 0;
    this.spanLength = 0;
    this.parentLength = 0;
    this.stateStart = this.stateEnd = 0;
    this.nameStart = this.nameEnd = 0;
    this.startAt = -1;
    this.endAt = -1;
    this.flags = 0;
    this.kind = 0;
    this.statusCode = 0;
    this.messageStart = this.messageEnd = 0;
    this.droppedAttributes = 0;
    this.droppedEvents = 0;
    this.droppedLinks = 0;
    this.attributes.count = 0;
    this.events.count = 0;
    this.links.count = 0;
  }
}

function describeId(length: number, wanted: number): string {
  return length === wanted ? "zeros" : length === 0 ? "none" : `${length} bytes`;
}

/** An end of 0 is a span that has not ended, not one that ended before it began. */
function endsBeforeStart(buf: Buffer, startAt: number, endAt: number): boolean {
  if (allZero(buf, endAt, 8)) return false;
  for (let i = 7; i >= 0; i--) {
    const difference = buf[endAt + i]! - buf[startAt + i]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
