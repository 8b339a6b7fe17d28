import { Interner } from "../native/interner.ts";
import { wordsOf } from "../native/words.ts";
import { TraceColumns } from "./trace-columns.ts";
import { TraceSummary } from "./trace-summary.ts";

const ID_BYTES = 16;
/** An interned id has its length before it. */
const STRIDE = ID_BYTES + 1;

/**
 * The rows of table `traces` for one batch: what its spans say about each trace, the same as
 * `sql/summaries/traces.sql` says of the same spans.
 */
export class TraceSummaries {
  readonly #ids = new Interner();
  #traces: TraceSummary[] = [];
  #last = -1;
  readonly #columns = new TraceColumns();

  get rows(): number {
    return this.#traces.length;
  }

  /** The summary of the trace whose id stands in `body` at `at`. */
  of(body: Buffer, at: number): TraceSummary {
    // Neighbours are mostly of the same trace.
    const last = this.#last;
    if (last >= 0 && this.#ids.is(last, wordsOf(body), at, ID_BYTES)) return this.#traces[last]!;
    const index = this.#ids.intern(body, at, at + ID_BYTES);
    this.#last = index;
    if (index === this.#traces.length) this.#traces.push(new TraceSummary());
    return this.#traces[index]!;
  }

  /** In the Native format; valid until `reset`. */
  block(day: number): Uint8Array[] {
    const columns = this.#columns;
    const ids = this.#ids.nativeStrings();
    columns.reset();
    for (const [index, trace] of this.#traces.entries()) columns.row(ids, index * STRIDE + 1, trace);
    return columns.block(day);
  }

  reset(): void {
    this.#ids.reset();
    this.#columns.reset();
    this.#traces = [];
    this.#last = -1;
  }
}
