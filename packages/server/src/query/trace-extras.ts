import type { Store } from "../store/store.ts";
import { linkedTraceIds } from "./correlations.ts";
import { type ErrorSpan, errorOrigin } from "./error-origin.ts";
import { type Keyed, Lookup } from "./lookup.ts";
import { statement } from "./sql.ts";
import { settingsForIds } from "./trace-summary.ts";

export interface FirstSpan {
  readonly id: string;
  readonly name: string;
  readonly service_name: string;
}

export interface FirstError extends ErrorSpan {
  readonly id: string;
  readonly error_type: string;
  readonly message: string;
  readonly service_name: string;
  readonly agent_name: string;
}

/** A trace, and when it begins. */
interface Begun extends Keyed {
  readonly startNs: bigint;
}

/** What the lines of a list show beyond the summaries of their traces. */
export interface TraceExtras {
  /** The traces a trace is linked with. */
  readonly links: Lookup<Keyed, string[]>;
  /** The error span in which the first error began. */
  readonly errors: Lookup<Begun, FirstError>;
  /** The earliest span. */
  readonly firsts: Lookup<Begun, FirstSpan>;
}

export function traceExtras(store: Store, signal?: AbortSignal): TraceExtras {
  const spans =
    <Row extends Keyed>(name: string, pick: (rows: readonly Row[]) => Row | undefined) =>
    async (traces: readonly Begun[]): Promise<Map<string, Row>> => {
      let from = traces[0]!.startNs;
      for (const { startNs } of traces) if (startNs < from) from = startNs;
      const rows = await store.query<Row>(statement(name), {
        parameters: { ids: traces.map(({ id }) => id).join(""), from_ns: from },
        settings: settingsForIds(traces.length),
        ...(signal && { signal }),
      });
      const picked = new Map<string, Row>();
      for (const [id, of] of Map.groupBy(rows, (row) => row.id.toLowerCase())) {
        const row = pick(of);
        if (row !== undefined) picked.set(id, row);
      }
      return picked;
    };
  return {
    links: new Lookup((traces) =>
      linkedTraceIds(
        store,
        traces.map(({ id }) => id),
        signal,
      ),
    ),
    errors: new Lookup(spans<FirstError>("first-errors", errorOrigin)),
    firsts: new Lookup(spans<FirstSpan>("first-spans", ([first]) => first)),
  };
}
