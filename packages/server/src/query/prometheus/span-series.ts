import type { QueryOptions, Store } from "../../store/store.ts";
import { statement } from "../sql.ts";
import { type BucketRow, bucketOf } from "./bucket-row.ts";
import { BOUNDS_NS, Histogram } from "./histogram.ts";
import { SeriesTable } from "./series-table.ts";
import { kindName, statusName } from "./span-words.ts";
import { type BatchRange, parametersOf } from "./unread-batches.ts";

/** Names of the labels of span metrics, in order. */
export const SPAN_LABELS = ["service", "span_name", "span_kind", "status_code"] as const;

const MOST_SERIES = 2000;
const MOST_ROWS = 10_000;

interface SpanRow extends BucketRow {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
}

/** Calls and durations of all spans by `SPAN_LABELS`. */
export class SpanSeries {
  readonly table = new SeriesTable(MOST_SERIES, () => new Histogram());

  /** Asks for the spans of the batches; the function returned counts them. */
  async read(store: Store, range: BatchRange, options: QueryOptions): Promise<() => void> {
    const rows = await store.query<SpanRow>(statement("prometheus-spans"), {
      ...options,
      parameters: {
        ...parametersOf(range),
        bounds: BOUNDS_NS,
        most: MOST_ROWS,
      },
    });
    return () => {
      for (const row of rows) {
        const labels = [row.service, row.name, kindName(row.kind), statusName(row.status)];
        this.table.at(labels, Number(row.calls))?.add(bucketOf(row));
      }
      this.table.leaveOutBeyond(rows);
    };
  }
}
