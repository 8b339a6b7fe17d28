import { SESSION_DIGITS, TASK_DIGITS, TRACES_PER_SESSION } from "./agent-traces.ts";

/** Where in an encoded request the parts stand that differ from send to send; flat lists for speed. */
export interface Patches {
  readonly spans: number;
  /** Position, index of the trace. */
  readonly traceIds: Int32Array;
  /** Position, index of the span; own ids, parents and links. */
  readonly spanIds: Int32Array;
  /** Position, low and high half of the nanoseconds since the group's start. */
  readonly times: Int32Array;
  /** Position of the digits, index of the session. */
  readonly sessions: Int32Array;
  /** Position of the digits, index of the trace. */
  readonly tasks: Int32Array;
}

interface Field {
  readonly number: number;
  /** First byte of the value and the one after its last. */
  readonly start: number;
  readonly end: number;
}

/** The fields of the message in `bytes[start, end)`, one level deep. */
function* fieldsOf(bytes: Buffer, start: number, end: number): Generator<Field> {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < end) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) {
      const begin = at;
      varint();
      yield { number: tag >>> 3, start: begin, end: at };
      continue;
    }
    const length = wireType === 2 ? varint() : wireType === 1 ? 8 : 4;
    at += length;
    yield { number: tag >>> 3, start: at - length, end: at };
  }
}

const SESSION = Buffer.from(`sess-${"0".repeat(SESSION_DIGITS)}`);
const TASK = Buffer.from(`task-${"0".repeat(TASK_DIGITS)}`);

/** Finds everything to patch in a request that `agent-traces.ts` made. */
export function findPatches(body: Buffer): Patches {
  const traceIds: number[] = [];
  const spanIds: number[] = [];
  const times: number[] = [];
  const sessions: number[] = [];
  const tasks: number[] = [];
  let spans = 0;

  const traceId = (field: Field): number => {
    const index = body.readUInt32BE(field.start + 12) - 1;
    traceIds.push(field.start, index);
    return index;
  };
  const spanId = (field: Field): void =>
    void spanIds.push(field.start, body.readUInt32BE(field.start + 4) - 1);
  const time = (field: Field): void => {
    times.push(field.start, body.readInt32LE(field.start), body.readInt32LE(field.start + 4));
  };
  const attribute = (field: Field, trace: number): void => {
    const value = body.subarray(field.start, field.end);
    const session = value.indexOf(SESSION);
    if (session >= 0) sessions.push(field.start + session + 5, Math.floor(trace / TRACES_PER_SESSION));
    const task = value.indexOf(TASK);
    if (task >= 0) tasks.push(field.start + task + 5, trace);
  };
  const span = ({ start, end }: Field): void => {
    let trace = -1;
    spans++;
    for (const field of fieldsOf(body, start, end)) {
      if (field.number === 1) trace = traceId(field);
      else if (field.number === 2 || field.number === 4) spanId(field);
      else if (field.number === 7 || field.number === 8) time(field);
      else if (field.number === 9) attribute(field, trace);
      else if (field.number === 11) {
        for (const inner of fieldsOf(body, field.start, field.end)) if (inner.number === 1) time(inner);
      } else if (field.number === 13) {
        for (const inner of fieldsOf(body, field.start, field.end)) {
          if (inner.number === 1) traceId(inner);
          else if (inner.number === 2) spanId(inner);
        }
      }
    }
  };
  for (const resourceSpans of fieldsOf(body, 0, body.length)) {
    for (const scopeSpans of fieldsOf(body, resourceSpans.start, resourceSpans.end)) {
      if (scopeSpans.number !== 2) continue;
      for (const field of fieldsOf(body, scopeSpans.start, scopeSpans.end))
        if (field.number === 2) span(field);
    }
  }
  return {
    spans,
    traceIds: Int32Array.from(traceIds),
    spanIds: Int32Array.from(spanIds),
    times: Int32Array.from(times),
    sessions: Int32Array.from(sessions),
    tasks: Int32Array.from(tasks),
  };
}
