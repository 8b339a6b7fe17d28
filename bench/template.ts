import { SESSION_DIGITS, TASK_DIGITS, TRACES_PER_SESSION } from "./agent-traces.ts";
import { findPatches, type Patches } from "./patches.ts";
import type { Random } from "./random.ts";

/** gRPC puts a flag and the message's length before it. */
const GRPC_PREFIX = 5;

/** One request: the same bytes with and without the gRPC frame around them. */
export interface TemplateBody {
  readonly grpc: Buffer;
  readonly protobuf: Buffer;
  readonly spans: number;
}

/** What is remembered of a trace that was sent, to ask for it later. */
export interface SentTrace {
  readonly traceId: string;
  readonly session: string;
  readonly task: string;
  readonly testCase: string | undefined;
  readonly spans: number;
}

/**
 * Requests that belong together, encoded once; `stamp` gives them new ids and times in place, at about a
 * quarter of a microsecond a span. They must not be on their way when that happens.
 */
export class Template {
  readonly bodies: readonly TemplateBody[];
  readonly traces: number;
  readonly spans: number;
  readonly #lengthMs: number;
  readonly #testCases: readonly (string | undefined)[];
  readonly #patches: readonly Patches[];
  readonly #traceIds: Buffer;
  readonly #spanIds: Buffer;
  readonly #sessions: Buffer;
  readonly #tasks: Buffer;

  constructor(
    bodies: readonly Buffer[],
    lengthMs: number,
    traces: number,
    testCases: readonly (string | undefined)[],
  ) {
    this.#lengthMs = lengthMs;
    this.#testCases = testCases;
    this.traces = traces;
    this.#patches = bodies.map(findPatches);
    this.bodies = bodies.map((body, i) => {
      const grpc = Buffer.concat([Buffer.alloc(GRPC_PREFIX), body]);
      grpc.writeUInt32BE(body.length, 1);
      return { grpc, protobuf: grpc.subarray(GRPC_PREFIX), spans: this.#patches[i]!.spans };
    });
    this.spans = this.bodies.reduce((sum, body) => sum + body.spans, 0);
    this.#traceIds = Buffer.alloc(16 * traces);
    this.#spanIds = Buffer.alloc(8 * this.spans);
    this.#sessions = Buffer.alloc(SESSION_DIGITS * Math.ceil(traces / TRACES_PER_SESSION));
    this.#tasks = Buffer.alloc(TASK_DIGITS * traces);
  }

  /** New ids, and times so that the last span ends at `endMs` (Unix epoch, fractions allowed). */
  stamp(random: Random, endMs: number): void {
    fill(this.#traceIds, random);
    fill(this.#spanIds, random);
    fillHex(this.#sessions, random);
    fillHex(this.#tasks, random);
    const base = BigInt(Math.round((endMs - this.#lengthMs) * 1000)) * 1000n;
    const lo = Number(base & 0xffffffffn);
    const hi = Number(base >> 32n);
    this.bodies.forEach(({ protobuf }, i) => {
      const patches = this.#patches[i]!;
      copyAll(patches.traceIds, this.#traceIds, 16, protobuf);
      copyAll(patches.spanIds, this.#spanIds, 8, protobuf);
      copyAll(patches.sessions, this.#sessions, SESSION_DIGITS, protobuf);
      copyAll(patches.tasks, this.#tasks, TASK_DIGITS, protobuf);
      writeTimes(patches.times, lo, hi, protobuf);
    });
  }

  /** Trace `index` as it was stamped last. */
  sent(index: number): SentTrace {
    const session = Math.floor(index / TRACES_PER_SESSION);
    return {
      traceId: this.#traceIds.toString("hex", index * 16, index * 16 + 16),
      session: `sess-${this.#sessions.toString("latin1", session * SESSION_DIGITS, (session + 1) * SESSION_DIGITS)}`,
      task: `task-${this.#tasks.toString("latin1", index * TASK_DIGITS, (index + 1) * TASK_DIGITS)}`,
      testCase: this.#testCases[index],
      spans: this.spans / this.traces,
    };
  }
}

function fill(bytes: Buffer, random: Random): void {
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(random.word(), at);
}

const HEX = Buffer.from("0123456789abcdef");

function fillHex(bytes: Buffer, random: Random): void {
  let word = 0;
  for (let at = 0; at < bytes.length; at++) {
    word = at % 8 === 0 ? random.word() : word >>> 4;
    bytes[at] = HEX[word & 15]!;
  }
}

/** For each pair of position and index, copies value `index` of `values` there. */
function copyAll(pairs: Int32Array, values: Buffer, width: number, to: Buffer): void {
  for (let i = 0; i < pairs.length; i += 2) {
    let at = pairs[i]!;
    let from = pairs[i + 1]! * width;
    for (const end = at + width; at < end; ) to[at++] = values[from++]!;
  }
}

function writeTimes(times: Int32Array, baseLo: number, baseHi: number, to: Buffer): void {
  for (let i = 0; i < times.length; i += 3) {
    const at = times[i]!;
    const lo = baseLo + (times[i + 1]! >>> 0);
    const hi = baseHi + times[i + 2]! + (lo > 0xffffffff ? 1 : 0);
    to[at] = lo;
    to[at + 1] = lo >>> 8;
    to[at + 2] = lo >>> 16;
    to[at + 3] = lo >>> 24;
    to[at + 4] = hi;
    to[at + 5] = hi >>> 8;
    to[at + 6] = hi >>> 16;
    to[at + 7] = hi >>> 24;
  }
}
