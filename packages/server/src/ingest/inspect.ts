import type { Signal } from "@clew/protocol/signal";
import { SpanScanner } from "./encode/span-scanner.ts";
import { findOrigin } from "./encode/spans.ts";
import { Wire, WireError } from "./wire.ts";

/** What a look at a request's bytes found, before they are stored. */
export interface Inspection {
  /** Spans, log records or metric data points in the request, bad ones included. */
  readonly records: number;
  /** How many of them cannot be stored. */
  readonly rejected: number;
  /** Why, with the place of the first one; or a warning about stored ones; '' when there is nothing to say. */
  readonly message: string;
  /** `service.name` of the first resource, '' when it has none. */
  readonly service: string;
}

const wire = new Wire();
const scanner = new SpanScanner();

interface Tally {
  records: number;
  rejected: number;
  reason: string;
  warnings: number;
  warning: string;
  service: string;
}

/**
 * Counts the records of an `Export<Signal>ServiceRequest` and finds those that cannot be stored. Linear in the
 * number of fields of records, not in their bytes: about 0.3 µs a span. Throws WireError when the bytes are
 * not protobuf down to that level.
 */
export function inspect(signal: Signal, body: Buffer): Inspection {
  const tally: Tally = { records: 0, rejected: 0, reason: "", warnings: 0, warning: "", service: "" };
  wire.reset(body, 0);
  const end = body.length;
  let resourceIndex = 0;
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag !== 10) {
      wire.skip(tag & 7, end);
      continue;
    }
    inspectResource(signal, body, wire.enter(end), resourceIndex++, tally);
  }
  return {
    records: tally.records,
    rejected: tally.rejected,
    message: messageOf(tally, signal),
    service: tally.service,
  };
}

function inspectResource(
  signal: Signal,
  body: Buffer,
  end: number,
  resourceIndex: number,
  tally: Tally,
): void {
  const resource = { start: 0, end: 0 };
  const begin = wire.pos;
  findOrigin(wire, end, resource, { start: 0, end: 0 });
  if (resourceIndex === 0) tally.service = serviceName(body, resource.start, resource.end);
  wire.pos = begin;
  let scopeIndex = 0;
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag !== 18) {
      wire.skip(tag & 7, end);
      continue;
    }
    const scopeEnd = wire.enter(end);
    let index = 0;
    while (wire.pos < scopeEnd) {
      const inner = wire.tag(scopeEnd);
      if (inner !== 18) {
        wire.skip(inner & 7, scopeEnd);
        continue;
      }
      const recordEnd = wire.enter(scopeEnd);
      if (signal === "traces") inspectSpan(body, recordEnd, resourceIndex, scopeIndex, index, tally);
      else if (signal === "logs") inspectLog(recordEnd, tally);
      else inspectMetric(recordEnd, tally);
      index++;
    }
    scopeIndex++;
  }
}

function inspectSpan(
  body: Buffer,
  end: number,
  resource: number,
  scope: number,
  index: number,
  tally: Tally,
): void {
  scanner.scan(wire, end);
  tally.records++;
  const problem = scanner.problem(body);
  const warning = problem === "" ? scanner.warning(body) : "";
  if (problem === "" && warning === "") return;
  const name = body.toString("utf8", scanner.nameStart, Math.min(scanner.nameEnd, scanner.nameStart + 60));
  const place = `resourceSpans[${resource}].scopeSpans[${scope}].spans[${index}] ${JSON.stringify(name)}`;
  if (problem !== "") {
    if (tally.rejected++ === 0) tally.reason = `${place}: ${problem}`;
  } else if (tally.warnings++ === 0) tally.warning = `${place} ${warning}`;
}

/** Walks the fields, so that a truncated record is found. */
function inspectLog(end: number, tally: Tally): void {
  while (wire.pos < end) wire.skip(wire.tag(end) & 7, end);
  tally.records++;
}

/** Counts data points: field 1 of whichever kind of data the metric has. */
function inspectMetric(end: number, tally: Tally): void {
  while (wire.pos < end) {
    const tag = wire.tag(end);
    const isData = tag === 42 || tag === 58 || tag === 74 || tag === 82 || tag === 90;
    if (!isData) {
      wire.skip(tag & 7, end);
      continue;
    }
    const dataEnd = wire.enter(end);
    while (wire.pos < dataEnd) {
      const inner = wire.tag(dataEnd);
      wire.skip(inner & 7, dataEnd);
      if (inner === 10) tally.records++;
    }
  }
}

function messageOf(tally: Tally, signal: Signal): string {
  const noun = signal === "traces" ? "span" : signal === "logs" ? "log record" : "data point";
  if (tally.rejected > 0) return `${count(tally.rejected, noun)} rejected; first: ${tally.reason}`;
  if (tally.warnings > 0)
    return `${count(tally.warnings, noun)} accepted with a warning; first: ${tally.warning}`;
  return "";
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

const SERVICE_NAME = Buffer.from("service.name");

/** `service.name` among the attributes of a Resource message; '' when it is absent or not a string. */
function serviceName(body: Buffer, start: number, end: number): string {
  wire.pos = start;
  try {
    while (wire.pos < end) {
      const tag = wire.tag(end);
      if (tag !== 10) {
        wire.skip(tag & 7, end);
        continue;
      }
      const attributeEnd = wire.enter(end);
      const at = wire.pos;
      wire.pos = attributeEnd;
      const isName =
        attributeEnd - at > 16 &&
        body[at] === 10 &&
        body[at + 1] === 12 &&
        body.compare(SERVICE_NAME, 0, 12, at + 2, at + 14) === 0;
      if (!isName || body[at + 14] !== 18) continue;
      wire.pos = at + 15;
      const valueEnd = wire.enter(attributeEnd);
      if (wire.pos === valueEnd || body[wire.pos] !== 10) return "";
      wire.pos++;
      const textEnd = wire.enter(valueEnd);
      return body.toString("utf8", wire.pos, Math.min(textEnd, wire.pos + 200));
    }
  } catch (error) {
    // A damaged resource is kept as it came; only its name stays unknown.
    if (!(error instanceof WireError)) throw error;
  }
  return "";
}
