import type { QueryOptions, Store } from "../../store/store.ts";
import { fragment, statement } from "../sql.ts";
import { type BatchRange, parametersOf } from "./unread-batches.ts";

/** A span that is one side of a request between services. */
export interface RequestSide {
  /** The same for both sides; 53 bits, so that two of a million requests are one by mistake once in 20,000 times. */
  readonly requestId: number;
  readonly isCaller: boolean;
  readonly isMessage: boolean;
  readonly isFailed: boolean;
  /** Without a parent, so that nobody can have called it. */
  readonly isRoot: boolean;
  readonly isToDatabase: boolean;
  readonly durationNs: number;
  /** When it ended, in milliseconds since the Unix epoch. */
  readonly endedMs: number;
  /** The bytes of trace and span id, a character each. */
  readonly ids: string;
  readonly service: string;
  /** What the span says of who is on the other side; empty for nothing. */
  readonly other: string;
}

/** Attributes that name the other side: one of them must be on some span for the others to be of use. */
const DATABASE_KEYS = ["db.namespace", "db.name", "db.system", "db.system.name"];
const PEER_KEY = "peer.service";

const NO_NAMES = { database: fragment`''`, peer: fragment`''` };

/** As Tempo names them: a database by its peer or address, and where it has neither by its own name. */
const NAMES = {
  database: fragment`leftUTF8(if(
      arrayExists(value -> value != '', [attributes['db.namespace'], attributes['db.name'],
        attributes['db.system'], attributes['db.system.name']]),
      arrayFirst(value -> value != '', [attributes['peer.service'], attributes['server.address'],
        if(attributes['network.peer.address'] = '' OR attributes['network.peer.port'] = '',
          attributes['network.peer.address'],
          concat(attributes['network.peer.address'], ':', attributes['network.peer.port'])),
        attributes['db.namespace'], attributes['db.name'],
        attributes['db.system'], attributes['db.system.name']]),
      ''), 256)`,
  peer: fragment`leftUTF8(attributes['peer.service'], 256)`,
};

const CALLER = 1;
const MESSAGE = 2;
const FAILED = 4;
const ROOT = 8;
const DATABASE = 16;
const NS_PER_MS = 1_000_000;
const ID_BYTES = 24;

/** Reads the sides of requests out of batches. */
export class RequestSides {
  #areNamed = false;

  /** The sides that are stored in these batches, in no order. */
  async read(store: Store, range: BatchRange, options: QueryOptions): Promise<Uint8Array> {
    // Reading attributes costs as much as all else, and is in vain where no span names a peer.
    if (!this.#areNamed) {
      const parameters = { keys: [...DATABASE_KEYS, PEER_KEY] };
      const sql = statement("prometheus-named-peers");
      this.#areNamed = (await store.query(sql, { ...options, parameters })).length > 0;
    }
    const names = this.#areNamed ? NAMES : NO_NAMES;
    return await store.queryBytes(statement("prometheus-request-sides", names), "RowBinary", {
      ...options,
      parameters: parametersOf(range),
    });
  }
}

/** Takes the rows of `RequestSides.read` apart. */
export function* requestSides(bytes: Uint8Array): Generator<RequestSide, void, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nowMs = Date.now();
  let at = 0;
  const text = (): string => {
    let length = buffer[at++]!;
    if (length === 0) return "";
    // At most 256 characters of four bytes: two bytes of length.
    if (length >= 0x80) length = (length & 0x7f) | (buffer[at++]! << 7);
    const value = buffer.toString("utf8", at, at + length);
    at += length;
    return value;
  };
  while (at < buffer.length) {
    const from = at;
    const idsFrom = from + 25;
    at = idsFrom + ID_BYTES;
    const sides = buffer[from + 8]!;
    const service = text();
    const other = text();
    yield {
      requestId: buffer.readDoubleLE(from),
      isCaller: (sides & CALLER) !== 0,
      isMessage: (sides & MESSAGE) !== 0,
      isFailed: (sides & FAILED) !== 0,
      isRoot: (sides & ROOT) !== 0,
      isToDatabase: (sides & DATABASE) !== 0,
      durationNs: buffer.readDoubleLE(from + 9),
      endedMs: Math.min(buffer.readDoubleLE(from + 17) / NS_PER_MS, nowMs),
      ids: buffer.toString("latin1", idsFrom, idsFrom + ID_BYTES),
      service,
      other,
    };
  }
}
