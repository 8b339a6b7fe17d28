import type { QueryOptions, Store } from "../../store/store.ts";
import { statement } from "../sql.ts";
import { type BucketRow, exemplarOf } from "./bucket-row.ts";
import { BOUNDS_NS, Histogram } from "./histogram.ts";
import type { Window } from "./pairing-window.ts";
import { SeriesTable } from "./series-table.ts";

/** Names of the labels of the service graph, in order. */
export const REQUEST_LABELS = ["client", "server", "connection_type"] as const;

const MOST_SERIES = 1000;
const MOST_ROWS = 5000;

/** Requests from one service to another. */
export interface Requests {
  failed: number;
  /** As the calling side saw them. */
  readonly client: Histogram;
  readonly server: Histogram;
}

interface RequestRow extends Omit<BucketRow, "bound" | "total_ns" | "example_ns"> {
  readonly client: string;
  readonly server: string;
  readonly type: string;
  readonly failed: 0 | 1;
  readonly client_bound: string;
  readonly server_bound: string;
  readonly client_ns: number;
  readonly server_ns: number;
  readonly client_example_ns: string;
  readonly server_example_ns: string;
}

/** The service graph: requests by `REQUEST_LABELS`, as Tempo and OpenTelemetry's servicegraph connector tell of them. */
export class RequestSeries {
  readonly table = new SeriesTable(
    MOST_SERIES,
    (): Requests => ({ failed: 0, client: new Histogram(), server: new Histogram() }),
  );

  /** Asks for the requests that the window completes; the function returned counts them. */
  async read(store: Store, window: Window, options: QueryOptions): Promise<() => void> {
    const common = {
      waiting_after: window.waitingAfter,
      through_batch: window.through,
      from_day: window.fromDay,
      bounds: BOUNDS_NS,
      most: MOST_ROWS,
    };
    const answers: RequestRow[][] = [];
    if (window.through > window.after) {
      const parameters = { ...common, after_batch: window.after };
      answers.push(
        await store.query<RequestRow>(statement("prometheus-requests"), { ...options, parameters }),
      );
    }
    if (window.judgedThrough > window.waitingAfter) {
      const parameters = {
        ...common,
        judged_through: window.judgedThrough,
        paired_after: window.pairedAfter,
      };
      answers.push(
        await store.query<RequestRow>(statement("prometheus-lone-requests"), { ...options, parameters }),
      );
    }
    return () => {
      for (const rows of answers) {
        for (const row of rows) this.#count(row);
        this.table.leaveOutBeyond(rows);
      }
    };
  }

  #count(row: RequestRow): void {
    const calls = Number(row.calls);
    const requests = this.table.at([row.client, row.server, row.type], calls);
    if (requests === undefined) return;
    if (row.failed === 1) requests.failed += calls;
    requests.client.add({
      boundNs: Number(row.client_bound),
      calls,
      totalNs: row.client_ns,
      exemplar: exemplarOf(row, row.client_example_ns),
    });
    requests.server.add({
      boundNs: Number(row.server_bound),
      calls,
      totalNs: row.server_ns,
      exemplar: exemplarOf(row, row.server_example_ns),
    });
  }
}
