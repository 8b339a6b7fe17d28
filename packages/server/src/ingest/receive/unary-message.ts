import type { BodyPool } from "./body-pool.ts";
import type { Failure } from "./failure.ts";
import { failure } from "./failure.ts";

const PREFIX_BYTES = 5;
const EMPTY = Buffer.alloc(0);

/**
 * The one message of a unary gRPC request, put together from pieces as they arrive, after gRPC's
 * "Length-Prefixed-Message": a byte that says whether it is compressed, its length in 4 bytes, big-endian.
 */
export class UnaryMessage {
  readonly #maxBytes: number;
  readonly #pool: BodyPool;
  #pieces: Buffer[] = [];
  #received = 0;
  /** Length of prefix and message; undefined until the prefix is there. */
  #total: number | undefined;
  compressed = false;

  constructor(maxBytes: number, pool: BodyPool) {
    this.#maxBytes = maxBytes;
    this.#pool = pool;
  }

  /** Bytes that are held. */
  get received(): number {
    return this.#received;
  }

  /** Takes the next piece. Returns the message once it is whole, in the pool's memory, or why it never will be. */
  add(piece: Buffer): Buffer | Failure | undefined {
    this.#received += piece.length;
    if (this.#total === undefined) {
      const start = this.#pieces.length === 0 ? piece : Buffer.concat([...this.#pieces, piece]);
      if (start.length < PREFIX_BYTES) {
        this.#pieces = [start];
        return undefined;
      }
      const bad = this.#readPrefix(start);
      if (bad !== undefined) return bad;
      this.#pieces = [];
      return this.#gather(start);
    }
    return this.#gather(piece);
  }

  /** Why the request ends without a message. */
  ended(): Failure {
    const what =
      this.#total === undefined
        ? `after ${this.#received} of the 5 bytes that begin a message`
        : `after ${this.#received - PREFIX_BYTES} of the message's ${this.#total - PREFIX_BYTES} bytes`;
    return failure("INVALID_ARGUMENT", "malformed_grpc", `The request ends ${what}`);
  }

  #readPrefix(start: Buffer): Failure | undefined {
    const flag = start[0]!;
    if (flag > 1) {
      return failure("INTERNAL", "malformed_grpc", `A message begins with 0 or 1, not with ${flag}`, "", 400);
    }
    this.compressed = flag === 1;
    const length = start.readUInt32BE(1);
    this.#total = PREFIX_BYTES + length;
    if (length > this.#maxBytes) {
      const message = `The message has ${length} bytes, and ${this.#maxBytes} are the most that is taken`;
      return failure("RESOURCE_EXHAUSTED", "body_too_large", message, "Send smaller batches");
    }
    return undefined;
  }

  #gather(piece: Buffer): Buffer | Failure | undefined {
    const total = this.#total!;
    if (this.#received < total) {
      this.#pieces.push(piece);
      return undefined;
    }
    if (this.#received > total) {
      const message = "A second message follows the first; an export is one message";
      return failure("INVALID_ARGUMENT", "malformed_grpc", message);
    }
    let whole = piece;
    if (this.#pieces.length > 0) {
      this.#pieces.push(piece);
      whole = this.#pool.join(this.#pieces, total);
      this.#pieces = [];
    }
    return total === PREFIX_BYTES ? EMPTY : whole.subarray(PREFIX_BYTES);
  }
}
