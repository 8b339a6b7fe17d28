import type { IncomingMessage } from "node:http";
import { BodyTooLarge, Overloaded } from "../errors.ts";
import type { BodyPool } from "./body-pool.ts";
import type { ReceiveBudget } from "./receive-budget.ts";

/** The client left before its request was complete; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/**
 * The whole body as it was sent, still compressed, in the pool's memory. Rejects with `BodyTooLarge`, `Overloaded` when too much is
 * being received at once, or `ClientGone`; what still arrives is then thrown away.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: ReceiveBudget,
  pool: BodyPool,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let over = false;
    const finish = (error?: Error) => {
      if (over) return;
      over = true;
      budget.give(bytes);
      if (error === undefined) resolve(pieces.length === 1 ? pieces[0]! : pool.join(pieces, bytes));
      else reject(error);
      pieces.length = 0;
    };
    request.on("data", (piece: Buffer) => {
      if (over) return;
      if (bytes + piece.length > maxBytes) return finish(new BodyTooLarge(maxBytes, false));
      if (!budget.take(piece.length)) {
        return finish(new Overloaded("More arrives at once than memory is set aside for", 1_000));
      }
      bytes += piece.length;
      pieces.push(piece);
    });
    request.on("end", () => finish());
    request.on("error", (cause) => finish(new ClientGone("The client left", { cause })));
    request.on("close", () => finish(new ClientGone("The client left")));
  });
}
