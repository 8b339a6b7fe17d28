import { blockSize, nativeBlock, resetColumns } from "../native/block.ts";
import type { Column } from "../native/columns.ts";
import { wordsOf } from "../native/words.ts";
import { BatchSummaries, type SummaryBlock } from "../summarise/batch-summaries.ts";
import { SpanTimes } from "../summarise/span-times.ts";
import { newUnderstood, SLOT_COUNT, type Understand, type Understood } from "../understand/understand.ts";
import { Wire } from "../wire.ts";
import type { AttributeContext } from "./attributes.ts";
import type { IngestMemory } from "./memory.ts";
import type { Origin, Origins, Range } from "./origins.ts";
import { KeyHash } from "./recent-keys.ts";
import { Slots } from "./slots.ts";
import { SpanColumns } from "./span-columns.ts";
import { SpanScanner } from "./span-scanner.ts";

export interface SpanEncoderOptions {
  readonly memory: IngestMemory;
  readonly context: AttributeContext;
  readonly resources: Origins;
  readonly scopes: Origins;
  readonly understand: Understand;
}

/** What is made of a span without attributes that say anything. */
const NOTHING: Understood = newUnderstood();

/** Turns `ExportTraceServiceRequest` bytes into rows of `spans`, by copying bytes, without an object per span. */
export class SpanEncoder {
  readonly #columns: SpanColumns;
  readonly #byName: Record<string, Column>;
  readonly #resources: Origins;
  readonly #scopes: Origins;
  readonly #context: AttributeContext;
  readonly #understand: Understand;
  readonly #understood = newUnderstood();
  readonly #slots = new Slots(SLOT_COUNT);
  readonly #wire = new Wire();
  readonly #scanner = new SpanScanner();
  /** Of the request that is being read. */
  #view = wordsOf(Buffer.alloc(0));
  readonly #times = new SpanTimes();
  readonly #summaries = new BatchSummaries();
  readonly #memory: IngestMemory;
  readonly #hash = new KeyHash();
  /** Trace ids of the open block, 16 bytes each, for those who follow along; repeats of neighbours left out. */
  #traceIds: Buffer[] = [];
  #lastTrace: Buffer = Buffer.alloc(16);
  rows = 0;

  constructor(options: SpanEncoderOptions) {
    this.#memory = options.memory;
    this.#columns = new SpanColumns(options.context);
    this.#byName = this.#columns.byName();
    this.#resources = options.resources;
    this.#scopes = options.scopes;
    this.#context = options.context;
    this.#understand = options.understand;
  }

  get size(): number {
    return blockSize(this.#byName);
  }

  /** Adds the spans of one request that passed `inspect`; those it rejected and repeats are left out. */
  add(body: Buffer, day: number): void {
    this.#walk(body, day, true);
  }

  /** Remembers the spans of a request that is stored already, so that a repeat of them is recognised. */
  remember(body: Buffer): void {
    this.#walk(body, 0, false);
  }

  block(day: number, batchId: bigint): Uint8Array[] {
    this.#columns.received_day.set(BigInt(day), this.rows);
    this.#columns.batch_id.set(batchId, this.rows);
    return nativeBlock(this.#byName, this.rows);
  }

  /** What the rows add up to, to be inserted after them. */
  summaries(day: number): SummaryBlock[] {
    return this.#summaries.blocks(day);
  }

  takeTraceIds(): Buffer[] {
    const ids = this.#traceIds;
    this.#traceIds = [];
    return ids;
  }

  reset(): void {
    resetColumns(this.#byName);
    this.#columns.resetDictionaries();
    this.#summaries.reset();
    this.#traceIds = [];
    this.#lastTrace = Buffer.alloc(16);
    this.rows = 0;
  }

  #walk(body: Buffer, day: number, store: boolean): void {
    const wire = this.#wire;
    wire.reset(body, 0);
    this.#view = wordsOf(body);
    const end = body.length;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 10) this.#resourceSpans(body, wire.enter(end), day, store);
      else wire.skip(tag & 7, end);
    }
  }

  #resourceSpans(body: Buffer, end: number, day: number, store: boolean): void {
    const wire = this.#wire;
    const begin = wire.pos;
    const resource = { start: begin, end: begin };
    const url = { start: begin, end: begin };
    // The resource applies to what stands before it too, so it is looked for first.
    findOrigin(wire, end, resource, url);
    const origin = store ? this.#resources.find(body, resource, url, day) : undefined;
    wire.pos = begin;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag === 18) this.#scopeSpans(body, wire.enter(end), day, origin);
      else wire.skip(tag & 7, end);
    }
  }

  #scopeSpans(body: Buffer, end: number, day: number, resource: Origin | undefined): void {
    const wire = this.#wire;
    const begin = wire.pos;
    const scopeRange = { start: begin, end: begin };
    const url = { start: begin, end: begin };
    findOrigin(wire, end, scopeRange, url);
    const scope = resource === undefined ? undefined : this.#scopes.find(body, scopeRange, url, day);
    wire.pos = begin;
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag !== 18) {
        wire.skip(tag & 7, end);
        continue;
      }
      const spanEnd = wire.enter(end);
      this.#scanner.scan(wire, spanEnd);
      if (this.#scanner.problem(body) !== "" || !this.#isNew()) continue;
      if (resource !== undefined && scope !== undefined) this.#row(body, resource, scope);
    }
  }

  /** A span is the same one when ids and times are; what differs otherwise is kept beside it. */
  #isNew(): boolean {
    const span = this.#scanner;
    const hash = this.#hash;
    const view = this.#view;
    hash.begin();
    hash.bytes(view, span.traceAt, 16);
    hash.bytes(view, span.spanAt, 8);
    if (span.startAt >= 0) hash.bytes(view, span.startAt, 8);
    if (span.endAt >= 0) hash.bytes(view, span.endAt, 8);
    hash.finish();
    if (this.#memory.seen.add(hash.lo, hash.hi)) return true;
    this.#memory.duplicates++;
    return false;
  }

  #row(body: Buffer, resource: Origin, scope: Origin): void {
    const span = this.#scanner;
    const to = this.#columns;
    this.#noteTrace(body);
    const times = this.#times;
    times.read(this.#view, span.startAt, span.endAt);
    to.start_time.copy(body, span.startAt);
    to.duration_ns.data.u64(times.durationLo, times.durationHi);
    to.trace_id.copy(body, span.traceAt);
    to.span_id.copy(body, span.spanAt);
    to.parent_span_id.copy(body, span.parentLength === 8 ? span.parentAt : -1);
    to.trace_state.bytes(body, span.stateStart, span.stateEnd);
    to.flags.u32(span.flags);
    to.name.bytes(body, span.nameStart, span.nameEnd);
    to.kind.u8(span.kind);
    to.status_code.u8(span.statusCode);
    to.status_message.bytes(body, span.messageStart, span.messageEnd);
    to.service_name.string(resource.name);
    to.resource_id.data.u64(resource.idLo, resource.idHi);
    to.scope_id.data.u64(scope.idLo, scope.idHi);
    const slots = this.#slots;
    to.attributes.row(body, span.attributes, slots);
    for (const [slot, rank, text] of resource.slots) slots.offer(slot, rank, text);
    to.dropped_attributes_count.u32(span.droppedAttributes);
    to.events.row(body, span.events);
    to.dropped_events_count.u32(span.droppedEvents);
    to.links.row(body, span.links);
    to.dropped_links_count.u32(span.droppedLinks);
    const understood = this.#understandRow(body, scope);
    this.#summaries.add(body, this.#view, span, times, resource.name, understood, to);
    this.rows++;
  }

  #understandRow(body: Buffer, scope: Origin): Understood {
    const to = this.#columns.understood;
    if (this.#slots.empty) {
      to.emptyRow();
      return NOTHING;
    }
    const span = this.#scanner;
    const name = this.#context.texts.text(body, this.#view, span.nameStart, span.nameEnd - span.nameStart);
    const understood = this.#understood;
    this.#understand(this.#slots.values, name, scope.name, understood, this.#startMs());
    this.#slots.clear();
    if (understood.isRunning) this.#notEnded(understood);
    if (understood.usageCounts === 1) this.#countOnce(understood);
    to.row(understood);
    return understood;
  }

  /** What runs is counted when it has ended; what has an end time has ended, whatever it says. */
  #notEnded(understood: Understood): void {
    const at = this.#scanner.endAt;
    const hasEnd = at >= 0 && (this.#view.getUint32(at, true) | this.#view.getUint32(at + 4, true)) !== 0;
    if (hasEnd) understood.isRunning = false;
    else understood.usageCounts = 0;
  }

  #startMs(): number {
    const at = this.#scanner.startAt;
    const view = this.#view;
    return at < 0 ? 0 : (view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true)) / 1e6;
  }

  /** Model spans end after those below them, so a parent is usually known by the time it arrives. */
  #countOnce(understood: { usageCounts: number }): void {
    const span = this.#scanner;
    const hash = this.#hash;
    const view = this.#view;
    hash.begin();
    hash.bytes(view, span.traceAt, 16);
    hash.bytes(view, span.spanAt, 8);
    hash.finish();
    if (this.#memory.modelParents.has(hash.lo, hash.hi)) understood.usageCounts = 0;
    if (span.parentLength !== 8) return;
    hash.begin();
    hash.bytes(view, span.traceAt, 16);
    hash.bytes(view, span.parentAt, 8);
    hash.finish();
    this.#memory.modelParents.add(hash.lo, hash.hi);
  }

  #noteTrace(body: Buffer): void {
    const at = this.#scanner.traceAt;
    const last = this.#lastTrace;
    let i = 0;
    while (i < 16 && last[i] === body[at + i]) i++;
    if (i === 16) return;
    this.#lastTrace = Buffer.from(body.subarray(at, at + 16));
    this.#traceIds.push(this.#lastTrace);
  }
}

/** Finds field 1 (resource or scope) and field 3 (schema URL) of a Resource- or ScopeSpans message. */
export function findOrigin(wire: Wire, end: number, origin: Range, url: Range): void {
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag !== 10 && tag !== 26) {
      wire.skip(tag & 7, end);
      continue;
    }
    const fieldEnd = wire.enter(end);
    const range = tag === 10 ? origin : url;
    range.start = wire.pos;
    range.end = fieldEnd;
    wire.pos = fieldEnd;
  }
}
