import { nativeBlock } from "../native/block.ts";
import { FixedColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";

const ID_BYTES = 16;

/** The rows of table `trace_links` for one batch: which trace links to which other, each pair once. */
export class TraceLinks {
  readonly #pairs = new Set<string>();

  get rows(): number {
    return this.#pairs.size;
  }

  /** The ids stand in these bytes at these places. A link within one trace is left out. */
  add(from: Buffer, at: number, linked: Buffer, linkedAt: number): void {
    const id = from.toString("latin1", at, at + ID_BYTES);
    const linkedId = linked.toString("latin1", linkedAt, linkedAt + ID_BYTES);
    if (id !== linkedId) this.#pairs.add(id + linkedId);
  }

  /** In the Native format. */
  block(day: number): Uint8Array[] {
    const pairs = Buffer.from([...this.#pairs].join(""), "latin1");
    const ids = new FixedColumn("FixedString(16)", ID_BYTES, 1024);
    const linkedIds = new FixedColumn("FixedString(16)", ID_BYTES, 1024);
    const receivedDay = new ConstantColumn("Date", 2);
    for (let at = 0; at < pairs.length; at += 2 * ID_BYTES) {
      ids.copy(pairs, at);
      linkedIds.copy(pairs, at + ID_BYTES);
    }
    receivedDay.set(BigInt(day), this.rows);
    return nativeBlock({ received_day: receivedDay, trace_id: ids, linked_trace_id: linkedIds }, this.rows);
  }

  reset(): void {
    this.#pairs.clear();
  }
}
