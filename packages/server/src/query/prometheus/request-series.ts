import { setImmediate } from "node:timers/promises";
import type { QueryOptions, Store } from "../../store/store.ts";
import { Histogram } from "./histogram.ts";
import { RequestSides, requestSides } from "./request-sides.ts";
import { SeriesTable } from "./series-table.ts";
import type { BatchRange } from "./unread-batches.ts";
import { type Request, WaitingSides } from "./waiting-sides.ts";

/** Names of the labels of the service graph, in order. */
export const REQUEST_LABELS = ["client", "server", "connection_type"] as const;

const MOST_SERIES = 1000;
/** Sides that are looked at before others may use the thread. */
const SIDES_AT_ONCE = 2000;

/** Requests from one service to another. */
export interface Requests {
  failed: number;
  /** As the calling side saw them. */
  readonly client: Histogram;
  readonly server: Histogram;
}

/** The service graph: requests by `REQUEST_LABELS`, as Tempo and OpenTelemetry's servicegraph connector tell of them. */
export class RequestSeries {
  readonly table = new SeriesTable(
    MOST_SERIES,
    (): Requests => ({ failed: 0, client: new Histogram(), server: new Histogram() }),
  );
  readonly #sides = new RequestSides();
  readonly #waiting = new WaitingSides((request) => this.#count(request));

  /** Asks for the sides of requests in the batches; the function returned joins and counts them. */
  async read(
    store: Store,
    range: BatchRange,
    nowMs: number,
    options: QueryOptions,
  ): Promise<() => Promise<void>> {
    const bytes = await this.#sides.read(store, range, options);
    return async () => {
      let count = 0;
      for (const side of requestSides(bytes)) {
        this.#waiting.add(side, nowMs);
        if (++count % SIDES_AT_ONCE === 0) await setImmediate();
      }
    };
  }

  /** Time has passed. */
  expire(nowMs: number): void {
    this.#waiting.expire(nowMs);
  }

  #count({ client, server, connection, isFailed, caller, called }: Request): void {
    const requests = this.table.at([client, server, connection], 1);
    if (requests === undefined) return;
    if (isFailed) requests.failed += 1;
    requests.client.observe(caller);
    requests.server.observe(called);
  }
}
